import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { localTenant, type Tenant } from '../core/brand.ts'
import { type KeyValueOptions, KeyValueStore } from './kv.ts'

function store(t: TestContext, over: Partial<KeyValueOptions> = {}): { open: () => KeyValueStore; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-kv-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'state.sqlite')
  return { open: () => new KeyValueStore({ path, ...over }), path }
}

test('values are kept per tenant and namespace, over a restart', t => {
  const { open } = store(t)
  let kv = open()
  kv.scope(localTenant, 'pins').set('files', { hash: 'a', tools: [1, null, true] })
  kv.scope('other' as Tenant, 'pins').set('files', 'theirs')
  kv.close()
  kv = open()
  const pins = kv.scope(localTenant, 'pins')
  assert.deepEqual(pins.get('files'), { hash: 'a', tools: [1, null, true] })
  assert.equal(kv.scope(localTenant, 'grants').get('files'), undefined)
  assert.equal(kv.scope('other' as Tenant, 'pins').get('files'), 'theirs')
  assert.equal(pins.delete('files'), true)
  assert.equal(pins.delete('files'), false)
  assert.equal(pins.get('files'), undefined)
  kv.close()
})

test('keys are listed in order, by their beginning, and wildcards in them mean nothing', t => {
  const kv = store(t).open()
  const scope = kv.scope(localTenant, 'x')
  for (const key of ['a/1', 'a/2', 'a%', 'b', "a'; DROP TABLE entry; --"]) scope.set(key, key)
  assert.deepEqual(
    [...scope.list('a/')].map(({ key }) => key),
    ['a/1', 'a/2'],
  )
  assert.equal([...scope.list()].length, 5)
  kv.close()
})

test('an entry ends with its time', t => {
  let nowMs = 1000
  const kv = store(t, { now: () => nowMs }).open()
  const scope = kv.scope(localTenant, 'grants')
  scope.set('short', true, 500)
  scope.set('long', true)
  nowMs = 1500
  assert.equal(scope.get('short'), undefined)
  assert.deepEqual(
    [...scope.list()].map(({ key }) => key),
    ['long'],
  )
  kv.close()
})

test('a namespace has a bound, and what was used least recently goes first', t => {
  let nowMs = 0
  const kv = store(t, { now: () => nowMs++, entriesMax: 3 }).open()
  const scope = kv.scope(localTenant, 'seen')
  kv.scope(localTenant, 'pins').set('kept', true)
  for (const key of ['a', 'b', 'c']) scope.set(key, 1)
  nowMs += 4_000_000
  scope.get('a')
  scope.set('d', 1)
  assert.deepEqual(
    [...scope.list()].map(({ key }) => key),
    ['a', 'c', 'd'],
  )
  assert.equal(kv.scope(localTenant, 'pins').get('kept'), true)
  kv.close()
})

test('what is too large is refused with a code', t => {
  const kv = store(t).open()
  const scope = kv.scope(localTenant, 'x')
  assert.throws(() => scope.set('k', 'x'.repeat(1024 * 1024)), { code: 'STORE_TOO_LARGE' })
  assert.throws(() => scope.set('k'.repeat(2000), 1), { code: 'STORE_TOO_LARGE' })
  kv.close()
})

test('a damaged database is said aloud and begun anew', t => {
  const heard: string[] = []
  const { open, path } = store(t, { onTrouble: message => heard.push(message) })
  writeFileSync(path, 'no database '.repeat(500))
  const kv = open()
  kv.scope(localTenant, 'x').set('a', 1)
  assert.equal(kv.scope(localTenant, 'x').get('a'), 1)
  assert.match(heard.join(), /was damaged/u)
  kv.close()
})

test('many values are written together or not at all', t => {
  const kv = store(t).open()
  const scope = kv.scope(localTenant, 'guard')
  scope.setAll([
    { key: 'a', value: 1 },
    { key: 'b', value: 2 },
  ])
  const tooLong = { key: 'x'.repeat(2000), value: 1 }
  assert.throws(() => scope.setAll([{ key: 'a', value: 3 }, tooLong]), { code: 'STORE_TOO_LARGE' })
  assert.deepEqual(
    [...scope.list()].map(({ value }) => value),
    [1, 2],
  )
  scope.set('c', 3)
  kv.close()
})
