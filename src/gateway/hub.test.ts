import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, stage } from '../../test/fixtures/stage.ts'

const greeting = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } }

test('two connections get a process each, so that one cannot hear the other', async () => {
  const { say, starts } = stage({ servers: { s: echoServer('t') } })
  await say('initialize', greeting, { connection: 'one' })
  await say('initialize', greeting, { connection: 'two' })
  assert.equal(starts.get('s'), 2)
})

test('ten conversations that end leave nothing behind', async () => {
  const { say, hub } = stage({ servers: { s: echoServer('t') } })
  for (let n = 0; n < 10; n++) {
    await say('initialize', greeting, { connection: `c${n}` })
    const conversation = hub.reception.find(`c${n}`, 'ann' as never)
    if (conversation) await hub.reception.finish(conversation)
  }
  assert.equal(hub.reception.size, 0)
})

test('closing the hub ends every conversation', async () => {
  const { say, hub } = stage({ servers: { s: echoServer('t') } })
  await say('initialize', greeting)
  await hub.close()
  assert.equal(hub.reception.size, 0)
})

test('a method that nobody knows passes to the only server, and its error comes back', async () => {
  const { answer } = await stage({ servers: { s: echoServer('t') } }).say('acme/do', { x: 1 })
  assert.equal(answer?.kind === 'error' && answer.error.message, 'no such method')
})
