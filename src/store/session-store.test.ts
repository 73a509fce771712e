import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { localTenant, type Principal, type SessionId, type Tenant } from '../core/brand.ts'
import type { Session } from '../core/session.ts'
import { SessionStore, type SessionStoreOptions } from './session-store.ts'

function fileOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-store-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'state.sqlite')
}

function session(id: string, over: Partial<Session> = {}): Session {
  return {
    id: id as SessionId,
    tenant: localTenant,
    principal: 'someone' as Principal,
    role: 'default',
    client: 'test',
    startedMs: 1,
    labels: [],
    memory: {},
    ...over,
  }
}

function reopened(store: SessionStore, options: SessionStoreOptions): SessionStore {
  store.close()
  return new SessionStore(options)
}

test('a session survives a restart with its labels and memory', t => {
  const path = fileOf(t)
  const saved = session('s1', { labels: ['untrusted', 'secret'], memory: { rate: { calls: [1, 2] } }, role: 'analyst' })
  let store = new SessionStore({ path })
  store.save(localTenant, saved)
  store = reopened(store, { path })
  assert.deepEqual(store.load(localTenant, saved.id), saved)
  assert.equal(store.load('other' as Tenant, saved.id), undefined)
  assert.equal(statSync(path).mode & 0o077, 0)
  store.close()
})

test('a new label is on disk when save returns, even if the process is killed at once', t => {
  const path = fileOf(t)
  const code = `
    const { SessionStore } = await import(${JSON.stringify(import.meta.resolve('./session-store.ts'))})
    const store = new SessionStore({ path: ${JSON.stringify(path)} })
    const session = ${JSON.stringify(session('s1'))}
    store.save('local', session)
    store.save('local', { ...session, labels: ['secret'] })
    process.kill(process.pid, 'SIGKILL')`
  assert.equal(spawnSync(process.execPath, ['--input-type=module', '-e', code]).signal, 'SIGKILL')
  const store = new SessionStore({ path })
  assert.deepEqual(store.load(localTenant, 's1' as SessionId)?.labels, ['secret'])
  store.close()
})

test('memory alone is written a moment later, not with each message', async t => {
  const path = fileOf(t)
  const store = new SessionStore({ path, memoryDelayMs: 500 })
  const other = new SessionStore({ path })
  store.save(localTenant, session('s1'))
  store.save(localTenant, session('s1', { memory: { loops: 7 } }))
  assert.deepEqual(other.load(localTenant, 's1' as SessionId)?.memory, {})
  assert.deepEqual(store.load(localTenant, 's1' as SessionId)?.memory, { loops: 7 })
  const written = (): boolean => 'loops' in (other.load(localTenant, 's1' as SessionId)?.memory ?? {})
  for (let i = 0; i < 500 && !written(); i++) await sleep(20)
  assert.deepEqual(other.load(localTenant, 's1' as SessionId)?.memory, { loops: 7 })
  store.close()
  other.close()
})

test('two processes with one session never take a label from each other', async t => {
  const path = fileOf(t)
  const [a, b] = [new SessionStore({ path }), new SessionStore({ path })]
  a.save(localTenant, session('s1'))
  assert.deepEqual(b.load(localTenant, 's1' as SessionId)?.labels, [])
  a.save(localTenant, session('s1', { labels: ['secret'] }))
  await nextTurn()
  assert.deepEqual(b.load(localTenant, 's1' as SessionId)?.labels, ['secret'])
  b.save(localTenant, session('s1', { labels: ['untrusted'] }))
  await nextTurn()
  assert.deepEqual(a.load(localTenant, 's1' as SessionId)?.labels, ['secret', 'untrusted'])
  a.close()
  b.close()
})

test('a small cache loses nothing, and memory stays bounded', t => {
  const path = fileOf(t)
  const store = new SessionStore({ path, cacheMax: 3 })
  for (let i = 0; i < 10; i++) {
    store.save(localTenant, session(`s${i}`))
    store.save(localTenant, session(`s${i}`, { memory: { n: i } }))
  }
  for (let i = 0; i < 10; i++) assert.deepEqual(store.load(localTenant, `s${i}` as SessionId)?.memory, { n: i })
  store.close()
})

test('one principal keeps so many sessions and cannot push out those of another', t => {
  const path = fileOf(t)
  let nowMs = 1000
  const options = { path, perPrincipalMax: 5, now: () => nowMs++ }
  let store = new SessionStore(options)
  store.save(localTenant, session('kept', { principal: 'other' as Principal }))
  for (let i = 0; i < 20; i++) store.save(localTenant, session(`s${i}`))
  store = reopened(store, options)
  assert.notEqual(store.load(localTenant, 'kept' as SessionId), undefined)
  const left = Array.from({ length: 20 }, (_, i) => store.load(localTenant, `s${i}` as SessionId)).filter(Boolean)
  assert.deepEqual(
    left.map(s => s?.id),
    ['s15', 's16', 's17', 's18', 's19'],
  )
  store.close()
})

test('a session unused for too long is forgotten', t => {
  const path = fileOf(t)
  let nowMs = 1000
  const options = { path, idleMs: 500, now: () => nowMs }
  let store = new SessionStore(options)
  store.save(localTenant, session('s1'))
  nowMs = 1600
  store = reopened(store, options)
  assert.equal(store.load(localTenant, 's1' as SessionId), undefined)
  store.close()
})

for (const [how, harm] of [
  [
    'is no database',
    (path: string) => writeFileSync(path, 'not a database at all, but long enough to be read as one. '.repeat(40)),
  ],
  ['was cut', (path: string) => truncateSync(path, 5000)],
  ['has pages of noise', (path: string) => writeFileSync(path, readFileSync(path).fill(0xa5, 4096))],
] as const)
  test(`a database that ${how} is moved aside, said aloud, and begun anew`, t => {
    const path = fileOf(t)
    const first = new SessionStore({ path })
    for (let i = 0; i < 50; i++) first.save(localTenant, session(`s${i}`, { memory: { text: 'x'.repeat(500) } }))
    first.close()
    harm(path)
    const heard: string[] = []
    const store = new SessionStore({ path, onTrouble: message => heard.push(message) })
    store.save(localTenant, session('new', { labels: ['secret'] }))
    assert.deepEqual(store.load(localTenant, 'new' as SessionId)?.labels, ['secret'])
    assert.match(heard.join(), /was damaged: it was moved to .*damaged-/u)
    assert.ok(readdirSync(join(path, '..')).some(name => name.includes('damaged-')))
    store.close()
  })
