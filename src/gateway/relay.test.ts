import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, stage } from '../../test/fixtures/stage.ts'
import type { Principal } from '../core/brand.ts'
import type { ClientStream, HttpAnswer } from '../wire/link.ts'

function stream(session?: string): { stream: ClientStream; ended: Promise<HttpAnswer | undefined> } {
  const over = Promise.withResolvers<HttpAnswer | undefined>()
  return {
    ended: over.promise,
    stream: {
      connection: 'c',
      principal: 'ann' as Principal,
      headers: session === undefined ? {} : { 'mcp-session-id': session },
      signal: new AbortController().signal,
      send: async () => {},
      end: async answer => over.resolve(answer),
      relay: { opened: () => {}, marked: async () => {} },
    },
  }
}

test('a stream for a session that nobody opened is turned away', async () => {
  const { hub } = stage({ servers: { s: echoServer('t') } })
  const { stream: made, ended } = stream('made-up')
  await hub.listen(made)
  assert.equal((await ended)?.status, 404)
})

test('ending a session that nobody opened says so', async () => {
  const { hub } = stage({ servers: { s: echoServer('t') } })
  const answer = await hub.finish({ headers: { 'mcp-session-id': 'made-up' }, principal: 'ann' as Principal })
  assert.equal(answer.status, 404)
})

test('a session is ended by its own principal alone', async () => {
  const { hub, say } = stage({ servers: { s: echoServer('t') } })
  await say('initialize', {}, { connection: 'mine' })
  const headers = { 'mcp-session-id': 'mine' }
  assert.equal((await hub.finish({ headers, principal: 'eve' as Principal })).status, 404)
  assert.equal((await hub.finish({ headers, principal: 'ann' as Principal })).status, 200)
  assert.equal(hub.reception.size, 0)
})
