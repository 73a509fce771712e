import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type ConfigFile, loadConfig } from './load.ts'
import { problemLine } from './problem.ts'
import { watchConfig } from './watch.ts'

const good = (mode: string) => `version: 1\nmode: ${mode}\n`

async function watched(text: string, laterPath = 'later/sallyport.yaml') {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-watch-'))
  const path = join(folder, 'sallyport.yaml')
  writeFileSync(path, text)
  const later = join(folder, laterPath)
  const files: ConfigFile[] = [{ path, layer: 'user' }]
  const loaded = await loadConfig(files, [])
  files.push({ path: later, layer: 'organisation' })
  if (!loaded.ok) throw new Error(loaded.problems.map(problemLine).join('\n'))
  const told: string[] = []
  const watch = watchConfig(
    { files, guards: [], config: loaded.config },
    {
      changed: config => told.push(config.policy.mode),
      broken: problems => told.push(problems.map(({ line, column, text }) => `${line}:${column} ${text}`).join()),
    },
  )
  const until = async (count: number) => {
    for (let i = 0; i < 100 && told.length < count; i++) await setTimeout(20)
  }
  const stop = () => {
    watch.close()
    rmSync(folder, { recursive: true })
  }
  return { path, later, told, watch, until, [Symbol.dispose]: stop }
}

test('a changed file is noticed by itself, also when an editor saves by renaming', async () => {
  using it = await watched(good('enforce'))
  writeFileSync(it.path, good('observe'))
  await it.until(1)
  writeFileSync(`${it.path}.new`, good('lockdown'))
  renameSync(`${it.path}.new`, it.path)
  await it.until(2)
  assert.deepEqual(it.told, ['observe', 'lockdown'])
})

test('a bad file changes nothing and is told once, with its place; a good one after it counts again', async () => {
  using it = await watched(good('enforce'))
  writeFileSync(it.path, 'version: 1\nmoed: enforce\n')
  await it.watch.look()
  await it.watch.look()
  assert.deepEqual(it.told, ['2:1 unknown key; did you mean mode?'])
  writeFileSync(it.path, good('lockdown'))
  await it.watch.look()
  assert.equal(it.told[1], 'lockdown')
})

test('a file that was not there at the start counts as soon as somebody writes it, folders and all', async () => {
  using it = await watched('version: 1\n', 'etc/sallyport/sallyport.yaml')
  mkdirSync(dirname(it.later), { recursive: true })
  await setTimeout(150)
  writeFileSync(it.later, good('lockdown'))
  await it.until(1)
  assert.deepEqual(it.told, ['lockdown'])
  rmSync(it.later)
  await it.until(2)
  assert.match(it.told[1] ?? '', /does not exist; the configuration before it stays in force/u)
})

test('a file that comes with a mistake is told, and what was in force stays', async () => {
  using it = await watched('version: 1\n', 'sallyport/sallyport.yaml')
  mkdirSync(dirname(it.later))
  writeFileSync(it.later, 'version: 1\nmode: asleep\n')
  await it.until(1)
  assert.match(it.told.join(), /^2:7 /u)
})

test('a folder in which something changes all the time does not put the look off', async () => {
  using it = await watched(good('enforce'))
  writeFileSync(it.path, good('observe'))
  for (let i = 0; i < 60 && it.told.length === 0; i++) {
    writeFileSync(`${it.path}.log`, String(i))
    await setTimeout(50)
  }
  assert.deepEqual(it.told, ['observe'])
})

test('a touched file with the same content is not a change', async () => {
  using it = await watched(good('enforce'))
  writeFileSync(it.path, good('enforce'))
  await it.watch.look()
  assert.deepEqual(it.told, [])
})

test('a file that goes away keeps what was in force, and says so', async () => {
  using it = await watched(good('enforce'))
  rmSync(it.path)
  await it.watch.look()
  assert.match(it.told[0] ?? '', /does not exist; the configuration before it stays in force/u)
})

test('nothing is told after closing', async () => {
  using it = await watched(good('enforce'))
  writeFileSync(it.path, good('observe'))
  it.watch.close()
  await it.watch.look()
  assert.deepEqual(it.told, [])
})
