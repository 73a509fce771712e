import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import type { HostRule } from '../core/egress.ts'
import type { Deed } from './account.ts'
import { createDesk, type DeskTools } from './desk.ts'
import { createLedger } from './ledger.ts'

const server = 'weather' as ServerName
const rules: HostRule[] = [
  { name: 'api.example.com', port: 443 },
  { name: '*.wild.example', port: 443 },
  { name: '10.0.0.5', port: 5432 },
  { name: 'db.lan.example', port: 5432, mayBePrivate: true },
]

function stage(more: Partial<DeskTools> = {}) {
  const deeds: Deed[] = []
  const clock = { ms: 1_000_000 }
  const desk = createDesk(server, rules, {
    account: async (_server, deed) => void deeds.push(deed),
    ledger: createLedger(),
    now: () => clock.ms,
    resolve: async () => ['93.184.216.34'],
    ownAddresses: () => [],
    mayBePrivate: () => false,
    volumeBytes: 1000,
    ...more,
  })
  const addressOf = async (name: string) => {
    const answer = await desk.name(name, 1)
    return answer.kind === 'address' ? answer.address : answer.kind
  }
  return { desk, deeds, clock, addressOf }
}

test('an allowed dial is one record, written before a byte of the client passes', async () => {
  const { desk, deeds, addressOf } = stage()
  const host = await addressOf('api.example.com')
  assert.deepEqual(await desk.dial(1, { host, port: 443 }), ['93.184.216.34'])
  assert.equal(await desk.greet(1, { kind: 'tls', name: 'api.example.com' }), true)
  await desk.carried(1, { up: 10, down: 20, ended: 'closed' })
  const dials = deeds.filter(({ what }) => what === 'dial')
  assert.equal(dials.length, 1)
  assert.equal(dials[0]?.address, '93.184.216.34')
  assert.equal(dials[0]?.refusal, undefined)
})

test('a refused dial is one record with the host that was meant', async () => {
  const { desk, deeds, addressOf } = stage()
  const host = await addressOf('evil.example')
  assert.deepEqual(await desk.dial(1, { host, port: 99 }), [])
  await desk.carried(1, { up: 0, down: 0, ended: 'refused' })
  assert.equal(await desk.greet(1, { kind: 'other' }), false)
  const dials = deeds.filter(({ what }) => what === 'dial')
  assert.deepEqual(
    dials.map(({ host, port, refusal }) => [host, port, refusal?.code]),
    [['evil.example', 99, 'not-declared']],
  )
})

test('a look-up is one record although it asks twice, and a name that is a message leads nowhere', async () => {
  const { desk, deeds, clock } = stage()
  assert.equal((await desk.name('api.example.com', 1)).kind, 'address')
  assert.equal((await desk.name('api.example.com', 28)).kind, 'empty')
  assert.equal(deeds.length, 1)
  clock.ms += 3000
  await desk.name('api.example.com', 1)
  assert.equal(deeds.length, 2)
  assert.equal((await desk.name('4a6f686e446f65536563726574.evil.example', 16)).kind, 'unknown')
  assert.deepEqual(deeds[2]?.signs, ['first-seen', 'encoded'])
})

test('many harmless names under one parent are a message together', async () => {
  const { desk } = stage()
  const kinds: string[] = []
  for (let i = 0; i < 60; i++) kinds.push((await desk.name(`w${i}.evil.example`, 1)).kind)
  assert.equal(kinds[0], 'address')
  assert.equal(kinds.at(-1), 'unknown')
})

test('a name that turns to the inside between two dials is refused the second time', async () => {
  const answers = [['93.184.216.34'], ['169.254.169.254'], ['127.0.0.1', '93.184.216.34'], ['10.0.0.5']]
  const { desk, deeds, addressOf } = stage({ resolve: async () => answers.shift() ?? [] })
  const host = await addressOf('api.example.com')
  assert.equal((await desk.dial(1, { host, port: 443 })).length, 1)
  for (const ask of [2, 3, 4]) assert.deepEqual(await desk.dial(ask, { host, port: 443 }), [])
  assert.deepEqual(
    deeds.flatMap(({ refusal }) => refusal?.code ?? []),
    ['address-refused', 'address-refused', 'address-refused'],
  )
})

test('an address that a rule spells out may be private', async () => {
  const { desk } = stage({ resolve: () => Promise.reject(new Error('must not be asked')) })
  assert.deepEqual(await desk.dial(1, { host: '10.0.0.5', port: 5432 }), ['10.0.0.5'])
  assert.deepEqual(await desk.dial(2, { host: '10.0.0.6', port: 5432 }), [])
})

test('without a record nothing passes', async () => {
  const { desk } = stage({ account: () => Promise.reject(new Error('disk full')) })
  assert.equal((await desk.name('api.example.com', 1)).kind, 'unknown')
  assert.deepEqual(await desk.dial(1, { host: '10.0.0.5', port: 5432 }), ['10.0.0.5'])
  assert.equal(await desk.greet(1, { kind: 'other' }), false)
})

test('a flood is recorded as one, and nothing of it passes', async () => {
  const { desk, deeds, clock } = stage()
  for (let i = 0; i < 1000; i++) await desk.dial(i, { host: '9.9.9.9', port: i })
  assert.equal(deeds.length, 201)
  assert.deepEqual(deeds.at(-1)?.signs, ['flood'])
  assert.deepEqual(await desk.dial(5000, { host: '10.0.0.5', port: 5432 }), ['10.0.0.5'])
  assert.equal(await desk.greet(5000, { kind: 'other' }), false)
  clock.ms += 1000
  await desk.dial(5001, { host: '10.0.0.5', port: 5432 })
  assert.equal(await desk.greet(5001, { kind: 'other' }), true)
})

test('much sent to one host is announced once', async () => {
  const { desk, deeds } = stage()
  await desk.dial(1, { host: '10.0.0.5', port: 5432 })
  await desk.greet(1, { kind: 'other' })
  for (let i = 0; i < 5; i++) await desk.carried(1, { up: 600, down: 0 })
  assert.deepEqual(
    deeds.filter(({ what }) => what === 'alert').map(({ signs }) => signs),
    [['volume']],
  )
})

test('an allowed dial that reaches nobody is on record too', async () => {
  const { desk, deeds } = stage()
  await desk.dial(1, { host: '10.0.0.5', port: 5432 })
  await desk.carried(1, { up: 0, down: 0, ended: 'unreachable' })
  assert.deepEqual(
    deeds.map(({ signs }) => signs),
    [['first-seen', 'unreachable']],
  )
})

test('a name that was said to lie nearby may lead to the private network, and never to this machine or a cloud', async () => {
  const ends: string[] = []
  for (const address of ['192.168.1.7', '127.0.0.1', '169.254.169.254', '169.254.1.1', '192.168.1.2']) {
    const { desk, addressOf } = stage({ resolve: async () => [address], ownAddresses: () => ['192.168.1.2'] })
    const host = await addressOf('db.lan.example')
    ends.push(...(await desk.dial(1, { host, port: 5432 })))
    const other = await addressOf('api.example.com')
    assert.deepEqual(await desk.dial(2, { host: other, port: 443 }), [])
  }
  assert.deepEqual(ends, ['192.168.1.7'])
})
