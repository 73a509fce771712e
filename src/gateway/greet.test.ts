import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import { together } from './greet.ts'

const [a, b] = ['a' as ServerName, 'b' as ServerName]

test('capabilities are joined: what one server can do, the endpoint can do', () => {
  const { capabilities } = together([
    { server: a, kind: 'here', result: { capabilities: { tools: { listChanged: false }, logging: {} } } },
    {
      server: b,
      kind: 'here',
      result: { capabilities: { tools: { listChanged: true }, resources: { subscribe: true } } },
    },
  ])
  assert.deepEqual(capabilities, {
    tools: { listChanged: true },
    logging: {},
    resources: { subscribe: true, listChanged: true },
  })
})

test('instructions say whose they are, missing servers are named, and the whole is bounded', () => {
  const { instructions } = together([
    { server: a, kind: 'here', result: { instructions: 'x'.repeat(50_000) } },
    { server: b, kind: 'missing', why: 'it did not start' },
  ])
  assert.equal(instructions?.length, 8000)
  assert.equal(together([{ server: b, kind: 'missing', why: 'gone' }]).instructions, 'b is not available: gone')
})
