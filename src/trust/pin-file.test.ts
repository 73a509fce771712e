import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { accept, noPins, see } from './pin.ts'
import { readPinFile, writePinFile } from './pin-file.ts'
import { hashOf } from './surface-hash.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'pins-'))
  return { path: join(path, 'a.pins.json'), folder: path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

const item = { name: 'a', description: 'x' }
const sighting = {
  item: { part: 'tools', name: 'a', index: 0, item, hash: hashOf(item), effects: ['read'] },
  found: [],
} as const
const pins = see(noPins, { part: 'tools', isLast: true, absent: [], sightings: [sighting], trust: 'scan', atMs: 5 })
const file = { identity: 'a package:a', server: 'a', pins }

test('what was written is read back, readable for its user alone', () => {
  using place = folder()
  assert.equal(readPinFile(place.path), undefined)
  writePinFile(place.path, file)
  assert.deepEqual(readPinFile(place.path), { ok: true, file })
  assert.equal(statSync(place.path).mode & 0o077, 0)
})

test('what a person saw and accepted all the same is read back with the rules that had found it', () => {
  using place = folder()
  const found = { ...sighting, found: ['injection/x'] }
  const waiting = see(noPins, { part: 'tools', isLast: true, absent: [], sightings: [found], trust: 'scan', atMs: 5 })
  const hash = sighting.item.hash ?? assert.fail()
  const after = accept(waiting, { key: 'tools/a', hash, by: 'ann', atMs: 6 }) ?? assert.fail()
  writePinFile(place.path, { ...file, pins: after })
  assert.deepEqual(readPinFile(place.path), { ok: true, file: { ...file, pins: after } })
  assert.deepEqual(after.items.get('tools/a')?.approved?.despite, ['injection/x'])
})

test('nothing of a file is believed once a byte of it was changed, cut off or made up', () => {
  using place = folder()
  writePinFile(place.path, file)
  const text = readFileSync(place.path, 'utf8')
  const bad = [
    text.replace('"x"', '"y"'),
    text.replace('rule:first-use', 'a person'),
    text.slice(0, -20),
    '',
    '{}',
    '[]',
    'null',
    text.replace('"version":1', '"version":2'),
  ]
  for (const other of bad) {
    assert.notEqual(other, text)
    writeFileSync(place.path, other)
    const read = readPinFile(place.path)
    assert.ok(read?.ok === false, other.slice(0, 40))
    assert.ok(read.why.startsWith(place.path))
  }
})

test('a writer killed at any moment leaves the old file or the new one', { timeout: 60_000 }, async () => {
  using place = folder()
  writePinFile(place.path, file)
  const source = `
    const { writePinFile } = await import(${JSON.stringify(new URL('./pin-file.ts', import.meta.url).href)})
    const items = new Map(Array.from({ length: 2000 }, (_, i) => ['tools/t' + i, { rejected: [] }]))
    process.stdout.write('x')
    for (let i = 0; i < 200; i++) writePinFile(${JSON.stringify(place.path)}, { identity: 'a', server: 'a', pins: { settled: [], pages: {}, items } })`
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await new Promise(resolve => child.stdout.once('data', resolve))
    await new Promise(resolve => setTimeout(resolve, round * 7))
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('close', resolve))
    assert.equal(readPinFile(place.path)?.ok, true)
  }
  assert.ok(readdirSync(place.folder).length <= 1 + 6)
})
