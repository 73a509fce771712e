import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, stage } from '../../test/fixtures/stage.ts'
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
