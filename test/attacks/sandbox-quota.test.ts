import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { proves } from '../guide/proves.ts'
import { attackerBinary, houseOf, Play, people, play, skipC as skip } from './sandbox/play.ts'

/** Errors that refuse; anything else, and above all 0, means that the call did something. */
const refused = new Set([1, 2, 3, 6, 13, 18, 19, 22, 30, 38, 93, 97])
const allowed = new Set(['socket-inet', 'tmp'])

for (const person of people) {
  test(`${person.name}: no raw system call opens a wall`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    settle()
    const attack = await play(person, { command: [attackerBinary()], cwd: project, permissions: {} }, { HOME: home })
    const results = new Map(
      attack.lines.map(line => line.split(' ')).map(([name, errno]) => [name ?? '', Number(errno)]),
    )
    assert.ok(results.size > 50, attack.stderr + attack.lines.join('\n'))
    for (const [name, errno] of results) {
      if (allowed.has(name)) assert.equal(errno, 0, `${name} is ordinary and works`)
      else if (name === 'int80') assert.equal(errno, 31, 'a foreign call mode ends in SIGSYS')
      else assert.ok(refused.has(errno), `${name} ended with ${errno}`)
    }
  })

  const load = (what: string, limits: Readonly<Record<string, number>>) => {
    const { home, project, settle } = houseOf(person)
    settle()
    const spec = { command: [attackerBinary(), what], cwd: project, permissions: { limits } }
    return new Play(person, spec, { HOME: home })
  }

  test(`${person.name}: a fork bomb is held, and two servers do not share a budget`, {
    skip,
    ...proves('T6.quota'),
  }, async () => {
    const both = [load('forks', { pids: 48 }), load('forks', { pids: 48 })]
    await Promise.all(both.map(run => run.ended()))
    for (const run of both) {
      const forked = Number(/^forked (\d+)$/u.exec(run.lines[0] ?? '')?.[1] ?? Number.NaN)
      const why = run.event('stopped')
      // The kernel holds an ordinary user's; of root it does not count, and the watchdog ends the tree.
      if (why === undefined) assert.ok(forked > 30 && forked < 48, `${forked} children`)
      else assert.match(why, /^processes: \d+ running, 48 allowed/u)
    }
    if (person.uid === 0)
      assert.ok(
        both.every(run => run.event('stopped')),
        'root is held by the watchdog',
      )
  })

  test(`${person.name}: memory is held over all processes together`, { skip }, async () => {
    const run = load('balloon', { memoryMiB: 256 })
    await run.ended()
    assert.match(run.event('stopped') ?? 'not stopped', /^memory: \d+ MiB used, 256 allowed/u)
  })

  for (const what of ['tables', 'inodes'])
    test(`${person.name}: memory that the kernel holds for a server (${what}) counts as the server's`, {
      skip,
    }, async () => {
      const run = load(what, { memoryMiB: 160 })
      await run.ended()
      assert.ok(!run.lines.some(line => line.startsWith(what)), `it was not ended first: ${run.lines}`)
      assert.match(run.event('stopped') ?? 'not stopped', /^memory: \d+ MiB used, 160 allowed/u)
    })

  test(`${person.name}: no place can be filled without end`, { skip }, async () => {
    const run = load('disk', { tmpMiB: 24, fileMiB: 8 })
    await run.ended()
    const written = new Map(run.lines.map(line => line.split(' ')).map(([folder, mib]) => [folder, Number(mib)]))
    assert.ok((written.get('/tmp') ?? 99) <= 24, run.lines.join())
    assert.ok((written.get('/tmp') ?? 0) >= 20, 'what was declared can be used')
    assert.ok((written.get('/dev/shm') ?? 99) <= 16)
    assert.equal(written.get('/'), 0)
    assert.equal(written.get('/dev'), 0)
  })

  for (const [what, limits] of [
    ['many', { diskFiles: 4000 }],
    ['nameless', { diskMiB: 40 }],
    ['unseen', { diskMiB: 40 }],
    ['deep', { diskFiles: 1000 }],
    ['closed', { diskFiles: 1000 }],
  ] as const)
    test(`${person.name}: the disk of a writable folder cannot be filled without end (${what})`, { skip }, async () => {
      const { home, project, settle } = houseOf(person)
      const out = join(project, 'out')
      mkdirSync(out)
      settle()
      const permissions = { files: { write: [out] }, limits }
      const spec = { command: [attackerBinary(), what, out], cwd: project, permissions }
      const run = new Play(person, spec, { HOME: home })
      await run.ended()
      assert.ok(!run.lines.some(line => line.startsWith(what)), `it was not ended first: ${run.lines}`)
      assert.match(run.event('stopped') ?? `not stopped ${run.stderr}`, /^(?:files|disk): .*limits\.disk/u)
    })

  test(`${person.name}: an endless computation ends, and a neighbour answers meanwhile`, { skip }, async () => {
    const { home, project, settle } = houseOf(person)
    settle()
    const echo = 'process.stdin.on("data",d=>process.stdout.write(d))'
    const neighbour = new Play(person, { command: ['node', '-e', echo], cwd: project, permissions: {} }, { HOME: home })
    neighbour.process.stdin?.write('awake\n')
    await neighbour.until('the neighbour is up', () => neighbour.lines.includes('awake'))
    const spinner = load('spin', { cpuSeconds: 1 })
    await spinner.until('the spinner runs', () => spinner.event('started') !== undefined)
    neighbour.process.stdin?.write('ping\n')
    await neighbour.until('the neighbour answers', () => neighbour.lines.includes('ping'), 3000)
    await spinner.ended()
    assert.ok(!spinner.lines.includes('spun'))
    neighbour.process.stdin?.end()
    await neighbour.ended()
  })
}
