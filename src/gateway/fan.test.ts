import assert from 'node:assert/strict'
import test from 'node:test'
import { type Server, stage } from '../../test/fixtures/stage.ts'
import type { Envelope } from '../wire/envelope.ts'

const subscribing = (name: string): Server => ({
  async answer({ id, method }, { tell }) {
    if (method !== 'subscriptions/listen') return {}
    const _meta = { 'io.modelcontextprotocol/subscriptionId': id }
    await tell({ kind: 'notification', method: 'notifications/subscriptions/acknowledged', params: { _meta } })
    await tell({ kind: 'notification', method: `notifications/${name}`, params: { _meta } })
    return { resultType: 'complete', _meta }
  },
})
const methodsOf = (seen: readonly Envelope[]) =>
  seen.map(envelope => (envelope.kind === 'notification' ? envelope.method : envelope.kind))

test('a subscription is held at every server, acknowledged once, and tagged with the id of the client', async () => {
  const { say } = stage({ servers: { a: subscribing('a'), b: subscribing('b') } })
  const { answer, seen } = await say('subscriptions/listen', {}, { id: 9, era: 'modern' })
  assert.deepEqual(methodsOf(seen).filter(method => method.endsWith('acknowledged')).length, 1)
  assert.deepEqual(methodsOf(seen).toSorted().slice(0, 2), ['notifications/a', 'notifications/b'])
  const tags = seen.map(envelope => JSON.stringify(envelope.kind === 'notification' && envelope.params['_meta']))
  assert.deepEqual([...new Set(tags)], ['{"io.modelcontextprotocol/subscriptionId":9}'])
  assert.equal(answer?.kind, 'result')
})

test('a subscription that its client cancels ends at every server, without an answer', async () => {
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const holding = (each: PromiseWithResolvers<void> | undefined): Server => ({
    answer() {
      each?.resolve()
      return new Promise(() => {})
    },
  })
  const { say } = stage({ servers: { a: holding(begun[0]), b: holding(begun[1]) } })
  const held = say('subscriptions/listen', {}, { id: 9, era: 'modern' })
  await Promise.all(begun.map(({ promise }) => promise))
  const params = { requestId: 9 }
  await say('', {}, { envelope: { kind: 'notification', method: 'notifications/cancelled', params } })
  assert.equal((await held).answer, undefined)
})

test('a log level is set everywhere, and a server without logging does not matter', async () => {
  const levels: unknown[] = []
  const logging: Server = {
    answer: ({ params }) => {
      levels.push(params['level'])
      return {}
    },
  }
  const without: Server = { answer: () => Promise.reject(Object.assign(new Error('no'), { code: -32601 })) }
  const { answer } = await stage({ servers: { a: logging, b: without } }).say('logging/setLevel', { level: 'info' })
  assert.deepEqual(levels, ['info'])
  assert.deepEqual(answer?.kind === 'result' && answer.result, {})
})

test('what goes to every server is judged for each, and goes only where it may', async () => {
  const heard: string[] = []
  const listening = (name: string): Server => ({
    answer: ({ method }) => {
      heard.push(`${name} ${method}`)
      return {}
    },
  })
  const { say } = stage({
    servers: { a: listening('a'), b: listening('b') },
    verdict: ({ from, server }) => ({ kind: from === 'client' && server === 'b' ? 'block' : 'allow' }),
  })
  await say('logging/setLevel', { level: 'info' })
  await say('subscriptions/listen', {}, { era: 'modern' })
  await say('tools/list', {}, { era: 'modern', connection: 'two' })
  await say('initialize', { protocolVersion: '2025-11-25', capabilities: {} }, { connection: 'three' })
  assert.deepEqual(heard, ['a logging/setLevel', 'a subscriptions/listen', 'a tools/list', 'a initialize'])
})

test('what may go to no server is refused to the client', async () => {
  const { say } = stage({
    servers: { a: subscribing('a'), b: subscribing('b') },
    verdict: ({ from }) => ({ kind: from === 'client' ? 'block' : 'allow' }),
  })
  assert.equal((await say('logging/setLevel', { level: 'info' })).answer?.kind, 'error')
  assert.equal((await say('subscriptions/listen', {}, { era: 'modern' })).answer?.kind, 'error')
})
