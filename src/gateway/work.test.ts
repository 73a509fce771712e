import assert from 'node:assert/strict'
import test from 'node:test'
import { localTenant, type Principal } from '../core/brand.ts'
import type { SessionPort } from '../core/port.ts'
import type { Session } from '../core/session.ts'
import { openWork, type WorkKey } from './work.ts'

function drawer(): SessionPort {
  const kept = new Map<string, Session>()
  return {
    load: (_, id) => kept.get(id),
    save: (_, session) => void kept.set(session.id, session),
    labelsOf: (_, principal) => [
      ...new Set([...kept.values()].filter(one => one.principal === principal).flatMap(({ labels }) => labels)),
    ],
  }
}

const key: WorkKey = {
  tenant: localTenant,
  principal: 'ann' as Principal,
  role: 'default',
  name: 'report',
  client: 'cursor',
  labelsHold: 'work',
}

test('labels and guard memory survive a reconnect', () => {
  const sessions = drawer()
  openWork(sessions, key, 1).absorb({ rate: 7 }, ['untrusted'])
  const { labels, memory, startedMs } = openWork(sessions, key, 2).session()
  assert.deepEqual({ labels, memory, startedMs }, { labels: ['untrusted'], memory: { rate: 7 }, startedMs: 1 })
})

test('another principal or another piece of work starts clean', () => {
  const sessions = drawer()
  openWork(sessions, key, 1).absorb({}, ['secret'])
  assert.deepEqual(openWork(sessions, { ...key, principal: 'bob' as Principal }, 2).session().labels, [])
  assert.deepEqual(openWork(sessions, { ...key, name: 'other' }, 2).session().labels, [])
})

test('labels only grow, and not without end', () => {
  const work = openWork(drawer(), key, 1)
  work.absorb({}, ['a'])
  work.absorb({}, [])
  assert.deepEqual(work.session().labels, ['a'])
  work.absorb(
    {},
    Array.from({ length: 1000 }, (_, i) => `l${i}`),
  )
  assert.equal(work.session().labels.length, 64)
})

test('what one connection read marks the others of the same work, and none undoes what another noted', () => {
  const sessions = drawer()
  const [one, two] = [openWork(sessions, key, 1), openWork(sessions, key, 2)]
  one.absorb({ rate: 7 }, ['untrusted'])
  assert.deepEqual(two.session().labels, ['untrusted'])
  two.absorb({ loops: 1 }, ['secret'])
  assert.deepEqual(one.session().labels, ['untrusted', 'secret'])
  assert.deepEqual(one.session().memory, { rate: 7, loops: 1 })
})

test('a role that was taken away is gone from the work that began under it', () => {
  const sessions = drawer()
  openWork(sessions, { ...key, role: 'admin' }, 1).absorb({ rate: 7 }, [])
  assert.equal(openWork(sessions, { ...key, role: 'guest' }, 2).session().role, 'guest')
})

test('labels that hold for the principal mark work of any name, open or new, and no memory with them', () => {
  const sessions = drawer()
  const shared: WorkKey = { ...key, labelsHold: 'principal' }
  const open = openWork(sessions, { ...shared, name: 'other' }, 1)
  open.absorb({ loops: 1 }, [])
  openWork(sessions, shared, 1).absorb({ rate: 7 }, ['untrusted'])
  assert.deepEqual(open.session().labels, ['untrusted'])
  assert.deepEqual(open.session().memory, { loops: 1 })
  assert.deepEqual(openWork(sessions, { ...shared, name: 'new', client: 'zed' }, 2).session().labels, ['untrusted'])
  assert.deepEqual(openWork(sessions, { ...shared, principal: 'bob' as Principal }, 2).session().labels, [])
})

test('a label that another work earned is shown and not kept, so that the setting can be taken back', () => {
  const sessions = drawer()
  const held: { now: WorkKey['labelsHold'] } = { now: 'principal' }
  const other = openWork(
    sessions,
    {
      ...key,
      name: 'other',
      get labelsHold() {
        return held.now
      },
    },
    1,
  )
  openWork(sessions, key, 1).absorb({}, ['untrusted'])
  other.absorb({ rate: 1 }, ['secret'])
  assert.deepEqual(other.session().labels, ['secret', 'untrusted'])
  held.now = 'work'
  assert.deepEqual(other.session().labels, ['secret'])
})
