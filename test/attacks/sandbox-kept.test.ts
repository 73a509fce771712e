import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { houseOf, Play, people, skip } from './sandbox/play.ts'

/** A server that writes what it is told to and says how that went; it ends with its input. */
const writer = `process.stdin.on('data', data => {
  const fs = require('fs'), path = require('path')
  for (const name of String(data).trim().split(' ')) {
    try {
      fs.mkdirSync(path.dirname(name), { recursive: true })
      fs.writeFileSync(name, 'planted')
      console.log('written ' + name)
    } catch (error) {
      console.log(error.code + ' ' + name)
    }
  }
})`

async function tried(run: Play, names: readonly string[]): Promise<readonly string[]> {
  const before = run.lines.length
  run.process.stdin?.write(`${names.join(' ')}\n`)
  await run.until('the server has tried', () => run.lines.length >= before + names.length)
  return run.lines.slice(before)
}

function ended(run: Play): Promise<void> {
  run.process.stdin?.end()
  return run.ended()
}

for (const person of people) {
  const project = (files: Readonly<Record<string, string>> = {}) => {
    const house = houseOf(person)
    mkdirSync(join(house.project, 'docs'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(house.project, name), text)
    house.settle()
    const at = (name: string) => join(house.project, name)
    const permissions = { files: { write: [house.project], read: [at('docs')] } }
    const spec = { command: ['node', '-e', writer], cwd: house.project, permissions }
    return { at, start: () => new Play(person, spec, { HOME: house.home }) }
  }

  test(`${person.name}: what keeps a name from one server stays while another one ends`, { skip }, async () => {
    const { at, start } = project()
    const names = ['.mcp.json', '.vscode/tasks.json', '.git/config', '.envrc'].map(at)
    const [one, other] = [start(), start()]
    for (const run of [one, other]) {
      const lines = await tried(run, names)
      assert.ok(
        lines.every(line => line.startsWith('EROFS')),
        `${lines}`,
      )
    }
    await ended(one)
    const lines = await tried(other, names)
    assert.ok(
      lines.every(line => line.startsWith('EROFS')),
      `${lines}`,
    )
    await ended(other)
    for (const name of ['.mcp.json', '.vscode', '.git']) assert.ok(!existsSync(at(name)), `${name} is gone in the end`)
  })

  for (const [how, act] of [
    ['replaced', (at: (name: string) => string) => renameSync(at('new'), at('.envrc'))],
    ['deleted', (at: (name: string) => string) => rmSync(at('.envrc'))],
    ['moved', (at: (name: string) => string) => renameSync(at('docs'), at('docs2'))],
  ] as const)
    test(`${person.name}: when a kept name is ${how} from outside, the server ends and its next start keeps it`, {
      skip,
    }, async () => {
      const { at, start } = project({ '.envrc': 'mine', new: 'mine too' })
      const run = start()
      assert.ok((await tried(run, [at('.envrc'), at('docs/a')])).every(line => line.startsWith('EROFS')))
      act(at)
      await run.until('it is ended', () => run.event('stopped') !== undefined, 3000)
      assert.match(run.event('stopped') ?? '', /(?:\.envrc|docs) was replaced while the server/u)
      await run.ended()
      mkdirSync(at('docs'), { recursive: true })
      const again = start()
      const lines = await tried(again, [at('.envrc'), at('.mcp.json')])
      assert.ok(
        lines.every(line => line.startsWith('EROFS')),
        `${lines}`,
      )
      assert.equal(again.event('stopped'), undefined)
      await ended(again)
    })

  test(`${person.name}: an editor that saves in place, and a commit, end no server`, { skip }, async () => {
    const { at, start } = project({ '.envrc': 'mine' })
    const run = start()
    await tried(run, [at('ok.txt')])
    writeFileSync(at('.envrc'), 'changed')
    writeFileSync(at('.git/HEAD'), 'ref: refs/heads/main\n')
    renameSync(at('.git/HEAD'), at('.git/HEAD2'))
    await new Promise(resolve => setTimeout(resolve, 800))
    assert.match((await tried(run, [at('.envrc')]))[0] ?? '', /^EROFS/u)
    assert.equal(run.event('stopped'), undefined)
    await ended(run)
    assert.equal(readFileSync(at('.envrc'), 'utf8'), 'changed')
    assert.deepEqual(readdirSync(at('.git')), ['HEAD2'], 'what a person made of a stand-in stays')
  })
}
