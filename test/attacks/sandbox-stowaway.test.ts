import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { attackerBinary, houseOf, Play, people, skipC as skip } from './sandbox/play.ts'

/** How a server that takes too much ends: stopped with the reason, or with what it wanted refused. */
const ends = {
  memory: /^memory: \d+ MiB used, 160 allowed/u,
  disk: /^disk: .*limits\.disk/u,
  refused: /^ended 95$/u,
} as const

for (const person of people)
  for (const [how, what, end] of [
    ['plain', 'hidden', 'refused'],
    ['plain', 'page-by-page', 'refused'],
    ['plain', 'cut-away', 'refused'],
    ['plain', 'zero', 'refused'],
    ['plain', 'sockets', 'memory'],
    ['plain', 'in-flight', 'disk'],
    ['undumpable', 'names', 'memory'],
    ['undumpable', 'nameless', 'disk'],
    ['unreadable', 'names', 'memory'],
    ['unreadable', 'nameless', 'disk'],
  ] as const)
    test(`${person.name}: nothing is taken that nobody counts (${how}, ${what})`, { skip }, async () => {
      const { home, project, settle } = houseOf(person)
      const out = join(project, 'out')
      mkdirSync(out)
      settle()
      const limits = { memoryMiB: 160, diskMiB: 40, fileMiB: 4 }
      const command = [attackerBinary('stowaway'), how, what, out]
      const spec = { command, cwd: project, permissions: { files: { write: [out] }, limits } }
      const run = new Play(person, spec, { HOME: home })
      await run.ended()
      assert.ok(!run.lines.includes('got away'), `it was not ended first: ${run.lines}`)
      assert.match(run.event('stopped') ?? `ended ${run.event('ended')}`, ends[end], run.stderr)
    })
