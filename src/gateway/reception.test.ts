import assert from 'node:assert/strict'
import test from 'node:test'
import { localTenant, type Principal } from '../core/brand.ts'
import { frameOf } from '../wire/envelope.ts'
import type { Exchange } from '../wire/link.ts'
import { newReception } from './reception.ts'
import { openWork } from './work.ts'

function bench(conversationsMax = 10) {
  const clock = { ms: 0 }
  const released: string[] = []
  const reception = newReception({
    workFor: ({ principal, client, name }) =>
      openWork(
        { load: () => undefined, save: () => {}, labelsOf: () => [] },
        { tenant: localTenant, principal, role: 'default', client, name: name ?? client, labelsHold: 'work' },
        0,
      ),
    release: async ({ id }) => void released.push(id),
    allowsStateless: () => false,
    idleMs: 1000,
    conversationsMax,
    now: () => clock.ms,
  })
  return { reception, clock, released }
}

function exchange(about: {
  method?: string
  session?: string
  principal?: string
  era?: 'legacy' | 'modern'
}): Exchange {
  const clientInfo = { name: 'editor', version: '1' }
  return {
    frame: frameOf({ kind: 'request', id: 1, method: about.method ?? 'tools/list', params: { clientInfo } }),
    era: about.era ?? 'legacy',
    connection: 'c',
    principal: (about.principal ?? 'ann') as Principal,
    headers: about.session === undefined ? {} : { 'mcp-session-id': about.session },
    signal: new AbortController().signal,
    send: async () => {},
    end: async () => {},
    relay: { opened: () => {}, marked: async () => {} },
  }
}

test('a session is opened by its handshake and found again by its id', () => {
  const { reception } = bench()
  const opened = reception.admit(exchange({ method: 'initialize' }))
  assert.equal(reception.admit(exchange({ session: opened?.id ?? '' })), opened)
  assert.equal(opened?.work.session().client, 'editor')
})

test('another principal with the same session id is turned away', () => {
  const { reception } = bench()
  const opened = reception.admit(exchange({ method: 'initialize' }))
  assert.equal(reception.admit(exchange({ session: opened?.id ?? '', principal: 'eve' })), undefined)
})

test('a made-up session, or none, is turned away', () => {
  const { reception } = bench()
  assert.equal(reception.admit(exchange({ session: 'made-up' })), undefined)
  assert.equal(reception.admit(exchange({})), undefined)
  assert.equal(reception.admit(exchange({ session: ' modern ann' })), undefined)
})

test('modern clients of one principal share a conversation, and another principal does not', () => {
  const { reception } = bench()
  const one = reception.admit(exchange({ era: 'modern' }))
  assert.equal(reception.admit(exchange({ era: 'modern' })), one)
  assert.notEqual(reception.admit(exchange({ era: 'modern', principal: 'bob' })), one)
  assert.equal(one?.isCrowded, true)
})

test('the session unused longest makes room, and idle ones end', () => {
  const { reception, clock, released } = bench(2)
  const ids = [0, 1, 2].map(() => reception.admit(exchange({ method: 'initialize' }))?.id)
  assert.deepEqual(released, [ids[0]])
  clock.ms = 5000
  reception.admit(exchange({ method: 'initialize' }))
  assert.equal(reception.size, 1)
})

test('a session id that a server gives out twice ends the conversation that had it', () => {
  const { reception, released } = bench()
  const [one, two] = ['ann', 'bob'].map(principal => reception.admit(exchange({ method: 'initialize', principal })))
  assert.ok(one && two)
  reception.rename(one, 'same')
  reception.rename(two, 'same')
  assert.deepEqual(released, ['same'])
  assert.equal(reception.find('same', 'ann' as Principal), undefined)
  assert.equal(reception.find('same', 'bob' as Principal), two)
})

test('whoever opens too many sessions ends their own, never those of another', () => {
  const { reception, released } = bench(3)
  const open = (principal: string) => reception.admit(exchange({ method: 'initialize', principal }))?.id ?? ''
  const bob = open('bob')
  const first = open('ann')
  for (let n = 0; n < 5; n++) open('ann')
  assert.equal(released[0], first)
  assert.ok(!released.includes(bob))
  assert.equal(reception.size, 3)
})
