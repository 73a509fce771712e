import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { noPins, see } from '../trust/pin.ts'
import { readPinFile, writePinFile } from '../trust/pin-file.ts'
import type { ServerPins } from '../trust/pin-record.ts'
import { pinPath } from '../trust/pin-store.ts'
import { hashOf } from '../trust/surface-hash.ts'

const main = join(import.meta.dirname, 'main.ts')
const identity = 'files package:f'

function place() {
  const state = mkdtempSync(join(tmpdir(), 'decided-'))
  const path = pinPath(join(state, 'pins'), identity)
  writePinFile(path, { identity, server: 'files', pins: changed })
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [main, ...words], {
      env: { ...process.env, SALLYPORT_STATE: state, XDG_CONFIG_HOME: state, NODE_NO_WARNINGS: '1' },
      cwd: state,
      encoding: 'utf8',
      timeout: 30_000,
    })
  const pin = () => {
    const read = readPinFile(path)
    return read?.ok === true ? read.file.pins.items.get('tools/a') : undefined
  }
  return { state, run, pin, [Symbol.dispose]: () => rmSync(state, { recursive: true }) }
}

const seen = (pins: ServerPins, description: string) => {
  const item = { name: 'a', description }
  const sighting = {
    item: { part: 'tools' as const, name: 'a', index: 0, item, hash: hashOf(item), effects: [] },
    found: [],
  }
  return see(pins, { part: 'tools', isLast: true, absent: [], sightings: [sighting], trust: 'scan', atMs: 1 })
}
const changed = seen(seen(noPins, 'one'), 'two')
const id = hashOf({ name: 'a', description: 'two' })?.slice(0, 12)

test('what a person accepts and rejects stands in the chain, is found by a query, and the chain holds', () => {
  using here = place()
  assert.equal(here.run('pins', 'accept', 'files', `tools/a@${id}`).status, 0)
  assert.equal(here.run('pins', 'reject', 'files', `tools/a@${id}`).status, 0)
  const found = here
    .run('audit', 'query', '--kind', 'approval', '--server', 'files', '--json')
    .stdout.trim()
    .split('\n')
  const records = found.map(line => JSON.parse(line))
  assert.deepEqual(
    records.map(({ details }) => [details.event, details.item, details.digest, details.standing]),
    [
      ['pin accepted', 'tools/a', id, 'changed'],
      ['pin rejected', 'tools/a', id, 'approved'],
    ],
  )
  assert.ok(records.every(({ user_uid }) => typeof user_uid === 'string' && user_uid !== ''))
  assert.match(here.run('audit', 'query', '--text', 'pin accepted').stdout, /files pin accepted/u)
  assert.equal(here.run('audit', 'verify').status, 0)
})

test('where nothing can be recorded nothing is accepted, and a no still counts', () => {
  using here = place()
  writeFileSync(join(here.state, 'audit'), 'a file where the folder should be')
  chmodSync(join(here.state, 'audit'), 0o600)
  const yes = here.run('pins', 'accept', 'files', '--all')
  assert.deepEqual([yes.status, here.pin()?.waiting?.standing], [3, 'changed'])
  assert.match(yes.stderr, /nothing is accepted/u)
  assert.equal(here.run('pins', 'reject', 'files', '--all').status, 0)
  assert.equal(here.pin()?.waiting?.standing, 'rejected')
})
