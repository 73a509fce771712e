import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, stage } from '../../test/fixtures/stage.ts'
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

test('a client of several servers that asks for a version nobody knows is offered the newest of those with a handshake', async () => {
  const { say } = stage({ servers: { a: echoServer('t'), b: echoServer('t') } })
  const agreed = async (protocolVersion: string | number) => {
    const { answer } = await say('initialize', { protocolVersion }, { connection: String(protocolVersion) })
    return answer?.kind === 'result' ? Object(answer.result).protocolVersion : undefined
  }
  assert.deepEqual(await Promise.all(['2099-01-01', '2026-07-28', 7].map(agreed)), Array(3).fill('2025-11-25'))
  assert.equal(await agreed('2024-11-05'), '2024-11-05')
})
