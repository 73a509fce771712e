import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import type { ServerName } from '../core/brand.ts'

test('a server that is dropped is started anew on its next use, in the same conversation', async () => {
  const { say, hub, starts } = stage({ servers: { s: echoServer('t') } })
  await say('tools/list')
  await hub.pool.drop(['s' as ServerName])
  await say('tools/list')
  assert.equal(starts.get('s'), 2)
})

test('how each server is doing can be asked', async () => {
  const { say, hub } = stage({ servers: { s: echoServer('t') } })
  await say('tools/list')
  assert.equal(hub.pool.states().get('s' as ServerName)?.kind, 'ready')
})

test('a client that begins anew again and again keeps 128 processes, and an old conversation still works', async () => {
  let running = 0
  let most = 0
  const counted: Server = {
    answer(asked, room) {
      return echoServer('t').answer(asked, room)
    },
  }
  const { say } = stage({
    servers: { s: counted },
    opened: () => {
      most = Math.max(most, ++running)
      return () => void running--
    },
  })
  const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } }
  for (let n = 0; n < 140; n++) await say('initialize', hello, { connection: `${n}`, principal: 'ann' })
  await say('initialize', hello, { connection: 'of another', principal: 'bob' })
  assert.equal(most, 129)
  const { answer } = await say('tools/call', { name: 't', arguments: {} }, { connection: '0', principal: 'ann' })
  assert.match(JSON.stringify(answer), /"text":"t \{\}"/u)
  assert.equal(running, 129)
})
