import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { localTenant, type Principal, type SessionId, type Tenant } from '../core/brand.ts'
import type { Session } from '../core/session.ts'
import { principalLabelsMax } from './principal-labels.ts'
import { SessionStore } from './session-store.ts'

const [ann, bob] = ['ann' as Principal, 'bob' as Principal]
const day = 86_400_000

function fileOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-store-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'state.sqlite')
}

function session(id: string, labels: readonly string[], principal = ann): Session {
  const about = { tenant: localTenant, role: 'default', client: 'test', startedMs: 1, memory: {} }
  return { ...about, id: id as SessionId, principal, labels }
}

test('labels of every session of a principal are the principal’s, and nobody else’s', t => {
  const store = new SessionStore({ path: fileOf(t) })
  store.save(localTenant, session('s1', ['untrusted']))
  store.save(localTenant, session('s2', ['secret', 'untrusted']))
  store.save(localTenant, session('s3', ['sensitive'], bob))
  assert.deepEqual(store.labelsOf(localTenant, ann), ['secret', 'untrusted'])
  assert.deepEqual(store.labelsOf(localTenant, bob), ['sensitive'])
  assert.deepEqual(store.labelsOf('other' as Tenant, ann), [])
  store.close()
})

test('they are on disk when save returns, even if the process is killed at once', t => {
  const path = fileOf(t)
  const code = `
    const { SessionStore } = await import(${JSON.stringify(import.meta.resolve('./session-store.ts'))})
    const store = new SessionStore({ path: ${JSON.stringify(path)} })
    store.save('local', ${JSON.stringify(session('s1', []))})
    store.save('local', ${JSON.stringify(session('s1', ['secret']))})
    process.kill(process.pid, 'SIGKILL')`
  assert.equal(spawnSync(process.execPath, ['--input-type=module', '-e', code]).signal, 'SIGKILL')
  const store = new SessionStore({ path })
  assert.deepEqual(store.labelsOf(localTenant, ann), ['secret'])
  store.close()
})

test('what another process adds is seen in the next turn', async t => {
  const path = fileOf(t)
  const [one, two] = [new SessionStore({ path }), new SessionStore({ path })]
  assert.deepEqual(two.labelsOf(localTenant, ann), [])
  await nextTurn()
  one.save(localTenant, session('s1', ['untrusted']))
  assert.deepEqual(two.labelsOf(localTenant, ann), ['untrusted'])
  one.close()
  two.close()
})

test('opening more sessions than are kept sheds no label', t => {
  const store = new SessionStore({ path: fileOf(t), perPrincipalMax: 3, cacheMax: 2 })
  store.save(localTenant, session('s0', ['secret']))
  for (let i = 1; i < 20; i++) store.save(localTenant, session(`s${i}`, []))
  assert.deepEqual(store.labelsOf(localTenant, ann), ['secret'])
  store.close()
})

test('a label stays while its principal does anything, and goes when the sessions would', t => {
  const path = fileOf(t)
  let nowMs = 0
  const reopen = () => new SessionStore({ path, now: () => nowMs, idleMs: 30 * day })
  let store = reopen()
  store.save(localTenant, session('s1', ['secret']))
  const afterDays = (days: number): void => {
    nowMs += days * day
    store.close()
    store = reopen()
  }
  afterDays(20)
  store.save(localTenant, session('s2', []))
  afterDays(20)
  assert.deepEqual(store.labelsOf(localTenant, ann), ['secret'])
  afterDays(20)
  assert.deepEqual(store.labelsOf(localTenant, ann), [])
  store.close()
})

test('invented labels fill no more than the bound, and push out none that was there', t => {
  const store = new SessionStore({ path: fileOf(t) })
  store.save(localTenant, session('s0', ['secret']))
  for (let i = 0; i < 5; i++) {
    const invented = Array.from({ length: 60 }, (_, n) => `l${i}-${n}`)
    store.save(localTenant, session(`s${i + 1}`, invented))
  }
  assert.equal(store.labelsOf(localTenant, ann).length, principalLabelsMax)
  assert.ok(store.labelsOf(localTenant, ann).includes('secret'))
  store.close()
})
