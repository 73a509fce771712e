import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { Order, Report } from './channel.ts'
import { readOrder, readReport } from './channel-read.ts'

const orders: Order[] = [
  { do: 'make', room: 1 },
  { do: 'drop', room: 1 },
  { do: 'answer', ask: 1, answer: { kind: 'address', address: '198.18.1.1' } },
  { do: 'answer', ask: 1, answer: { kind: 'empty' } },
  { do: 'dial', ask: 1, addresses: ['127.0.0.1'], port: 443 },
  { do: 'pass', ask: 1, isAllowed: true },
  { do: 'beat' },
]
const reports: Report[] = [
  { is: 'alive', room: 0 },
  { is: 'made', room: 1, pid: 7 },
  { is: 'failed', room: 1, why: 'x' },
  { is: 'name', room: 1, ask: 2, name: 'a.b', type: 1 },
  { is: 'dial', room: 1, ask: 2, address: '198.18.1.1', port: 443 },
  { is: 'greeting', room: 1, ask: 2, greeting: { kind: 'tls', name: 'a.b' } },
  { is: 'greeting', room: 1, ask: 2, greeting: { kind: 'http', host: 'a.b', port: undefined } },
  { is: 'greeting', room: 1, ask: 2, greeting: { kind: 'connect', host: 'a.b', port: 1 } },
  { is: 'greeting', room: 1, ask: 2, greeting: { kind: 'unreadable', why: 'x' } },
  { is: 'carried', room: 1, ask: 2, up: 1, down: 2 },
  { is: 'carried', room: 1, ask: 2, up: 1, down: 2, ended: 'closed' },
  { is: 'datagram', room: 1, address: '9.9.9.9', port: 1 },
]

test('what is said arrives', () => {
  for (const order of orders) assert.deepEqual(readOrder(JSON.parse(JSON.stringify(order))), order)
  for (const report of reports) assert.deepEqual(readReport(structuredClone(report)), report)
})

test('what is unclear is never a yes', () => {
  assert.deepEqual(readOrder({ do: 'pass', ask: 1 }), { do: 'pass', ask: 1, isAllowed: false })
  assert.deepEqual(readOrder({ do: 'answer', ask: 1, answer: {} }), {
    do: 'answer',
    ask: 1,
    answer: { kind: 'unknown' },
  })
  const greeting = readReport({ is: 'greeting', room: 1, ask: 1, greeting: { kind: 'new' } })
  assert.equal(greeting?.is === 'greeting' && greeting.greeting.kind, 'unreadable')
  fc.assert(
    fc.property(fc.anything(), value => {
      assert.equal(readOrder(value), undefined)
      assert.equal(readReport(value), undefined)
    }),
  )
})
