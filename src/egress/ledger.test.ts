import assert from 'node:assert/strict'
import test from 'node:test'
import { createLedger, otherHosts } from './ledger.ts'

test('a host is new once per server, and not when it was known before', () => {
  const ledger = createLedger((_server, host) => host === 'old.example')
  assert.equal(ledger.add('a', 'x.example', { dials: 1 }).isFirst, true)
  assert.equal(ledger.add('a', 'x.example', { dials: 1 }).isFirst, false)
  assert.equal(ledger.add('b', 'x.example', { dials: 1 }).isFirst, true)
  assert.equal(ledger.add('a', 'old.example', { dials: 1 }).isFirst, false)
  assert.equal(ledger.of('a').get('x.example')?.dials, 2)
})

test('the number of hosts kept apart is bounded, and nothing is lost from the sums', () => {
  const ledger = createLedger()
  for (let i = 0; i < 5000; i++) ledger.add('a', `h${i}.example`, { dials: 1 })
  const tallies = [...ledger.of('a').values()]
  assert.ok(tallies.length <= 1025)
  assert.equal(
    tallies.reduce((sum, { dials }) => sum + dials, 0),
    5000,
  )
  assert.ok((ledger.of('a').get(otherHosts)?.dials ?? 0) > 3000)
})
