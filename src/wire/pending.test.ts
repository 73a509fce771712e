import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { JsonObject } from '../core/json.ts'
import { type Envelope, frameOf, type RequestId } from './envelope.ts'
import { newGiveUp } from './give-up.ts'
import type { LinkError, RequestOptions, WireOddity } from './link.ts'
import { Pending } from './pending.ts'

function play(max = 10) {
  const seen = {
    heard: [] as string[],
    unsolicited: [] as string[],
    related: [] as string[],
    oddities: [] as WireOddity[],
  }
  const label = (envelope: Envelope) => ('method' in envelope ? envelope.method : envelope.kind)
  const events = {
    heard: (frame: { envelope: Envelope }) => void seen.heard.push(label(frame.envelope)),
    unsolicited: async (frame: { envelope: Envelope }) => void seen.unsolicited.push(label(frame.envelope)),
    oddity: (what: WireOddity) => void seen.oddities.push(what),
  }
  const pending = new Pending(events, max)
  const ask = (id: RequestId, more: { method?: string; params?: JsonObject; options?: Partial<RequestOptions> } = {}) =>
    pending.add(
      { kind: 'request', id, method: more.method ?? 'tools/call', params: more.params ?? {} },
      {
        signal: new AbortController().signal,
        headers: {},
        related: async frame => void seen.related.push(`${id} ${label(frame.envelope)}`),
        ...more.options,
      },
    )
  const notify = (method: string, params: JsonObject = {}) =>
    pending.take(frameOf({ kind: 'notification', method, params }))
  const answer = (id: RequestId) => pending.take(frameOf({ kind: 'result', id, result: {} }))
  return { seen, pending, ask, notify, answer }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: LinkError) => error.code,
  )

test('answers find their request whatever the order, and a number is not a text', async () => {
  const { ask, answer, seen } = play()
  const [one, two, text] = [ask(1), ask(2), ask('1')]
  answer(2)
  answer('1')
  answer(1)
  const ids = (await Promise.all([one, two, text])).map(({ frame }) => 'id' in frame.envelope && frame.envelope.id)
  assert.deepEqual(ids, [1, 2, '1'])
  answer(2)
  assert.deepEqual(
    seen.oddities.map(({ code }) => code),
    ['unknown-id'],
  )
})

test('a changed list is heard of before it is handed on, however slowly the one who listens reads', async () => {
  const { ask, notify, seen } = play()
  void ask(1, { method: 'subscriptions/listen', options: { related: () => new Promise(() => {}) } })
  const listening = { _meta: { 'io.modelcontextprotocol/subscriptionId': 1 } }
  notify('notifications/subscriptions/acknowledged', listening)
  notify('notifications/tools/list_changed', listening)
  assert.deepEqual(seen.heard, ['notifications/subscriptions/acknowledged', 'notifications/tools/list_changed'])
  assert.deepEqual(seen.unsolicited, [])
})

test('progress goes to the request with its token, and to nobody when it has none', async () => {
  const { ask, notify, seen } = play()
  void ask(1, { params: { _meta: { progressToken: 'a' } } })
  void ask(2, { params: { _meta: { progressToken: 7 } } })
  notify('notifications/progress', { progressToken: 7 })
  notify('notifications/progress', { progressToken: 'a' })
  notify('notifications/progress', { progressToken: 'stranger' })
  await turn()
  assert.deepEqual(seen.related, ['2 notifications/progress', '1 notifications/progress'])
  assert.deepEqual(seen.unsolicited, ['notifications/progress'])
})

test('what a subscription sends goes to the request that subscribed', async () => {
  const { ask, notify, seen } = play()
  void ask('s', { method: 'subscriptions/listen' })
  void ask(1)
  notify('notifications/tools/list_changed', { _meta: { 'io.modelcontextprotocol/subscriptionId': 's' } })
  await turn()
  assert.deepEqual(seen.related, ['s notifications/tools/list_changed'])
})

test('a log line or a server request belongs to the only request in flight, else to none', async () => {
  const { ask, notify, answer, pending, seen } = play()
  void ask('s', { method: 'subscriptions/listen' })
  void ask(1)
  notify('notifications/message')
  pending.take(frameOf({ kind: 'request', id: 1, method: 'sampling/createMessage', params: {} }))
  notify('notifications/tools/list_changed')
  await turn()
  void ask(2)
  notify('notifications/message')
  await turn()
  answer(1)
  await turn()
  assert.deepEqual(seen.related, ['1 notifications/message', '1 sampling/createMessage'])
  assert.deepEqual(seen.unsolicited, ['notifications/tools/list_changed', 'notifications/message'])
})

test('an answer never overtakes a message of its request that is still being handed on', async () => {
  const { ask, answer, notify } = play()
  const order: string[] = []
  const slow = Promise.withResolvers<void>()
  const related = async () => {
    await slow.promise
    order.push('related')
  }
  const reply = ask(1, { options: { related } }).then(() => order.push('answer'))
  notify('notifications/message')
  answer(1)
  await turn()
  assert.deepEqual(order, [])
  slow.resolve()
  await reply
  assert.deepEqual(order, ['related', 'answer'])
})

test('the server is not read while too many messages wait for their reader, and is read again after', async () => {
  const { ask, notify, pending } = play()
  const pressure: boolean[] = []
  pending.onPressure = isHigh => pressure.push(isHigh)
  const slow = Promise.withResolvers<void>()
  void ask(1, { options: { related: () => slow.promise } })
  for (let i = 0; i < 100; i++) notify('notifications/message')
  await turn()
  assert.deepEqual(pressure, [true])
  slow.resolve()
  for (let i = 0; i < 500; i++) await null
  await turn()
  assert.deepEqual(pressure, [true, false])
})

test('a message that cannot be handed on does not hold up the answer', async () => {
  const { ask, answer, notify } = play()
  const reply = ask(1, { options: { related: () => Promise.reject(new Error('client gone')) } })
  notify('notifications/message')
  answer(1)
  await reply
})

test('an aborted request ends at once, its late answer is an oddity, others on the same signal end too', async () => {
  const { ask, answer, seen } = play()
  const abort = new AbortController()
  const options = { signal: abort.signal }
  const codes = [codeOf(ask(1, { options })), codeOf(ask(2, { options })), codeOf(ask(3))]
  answer(2)
  abort.abort()
  assert.deepEqual(await Promise.all(codes.slice(0, 2)), ['aborted', 'ok'])
  answer(1)
  answer(3)
  assert.equal(await codes[2], 'ok')
  assert.deepEqual(
    seen.oddities.map(({ code }) => code),
    ['unknown-id'],
  )
})

test('a request that was given up ends at once, and giving it up after its answer ends no other of the same id', async () => {
  const { ask, answer } = play()
  const [first, second] = [newGiveUp(), newGiveUp()]
  const given = codeOf(ask(1, { options: { giveUp: first } }))
  first.now()
  assert.equal(await given, 'aborted')
  const answered = codeOf(ask(2, { options: { giveUp: second } }))
  answer(2)
  assert.equal(await answered, 'ok')
  const next = codeOf(ask(2))
  second.now()
  answer(2)
  assert.equal(await next, 'ok')
})

test('an id that is in flight and a request beyond the limit are refused', async () => {
  const { ask, answer } = play(2)
  const first = ask(1)
  assert.equal(await codeOf(ask(1)), 'protocol')
  void ask(2)
  assert.equal(await codeOf(ask(3)), 'protocol')
  answer(1)
  await first
  void ask(3)
})
