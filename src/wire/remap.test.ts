import assert from 'node:assert/strict'
import test from 'node:test'
import { frameOf } from './envelope.ts'
import { remapReply, remapRequest } from './remap.ts'
import { readFrame } from './rpc.ts'

const ids = { client: 7, server: 'sallyport-1' }
const call = frameOf({
  kind: 'request',
  id: 7,
  method: 'tools/call',
  params: { name: 't', _meta: { progressToken: 'p', other: 1 } },
})

test('id and progress token both become the id that is unique on the shared connection', () => {
  const { envelope } = remapRequest(call, ids)
  assert.deepEqual(envelope, {
    kind: 'request',
    id: 'sallyport-1',
    method: 'tools/call',
    params: { name: 't', _meta: { progressToken: 'sallyport-1', other: 1 } },
  })
})

test('progress and answer come back with what the client chose', () => {
  remapRequest(call, ids)
  const progress = frameOf({
    kind: 'notification',
    method: 'notifications/progress',
    params: { progressToken: 'sallyport-1', progress: 1 },
  })
  assert.deepEqual(remapReply(progress, ids).envelope, {
    kind: 'notification',
    method: 'notifications/progress',
    params: { progressToken: 'p', progress: 1 },
  })
  const answer = frameOf({ kind: 'result', id: 'sallyport-1', result: { ok: true } })
  assert.deepEqual(remapReply(answer, ids).envelope, { kind: 'result', id: 7, result: { ok: true } })
})

test('a subscription id, which is the id of its request, follows it', () => {
  const meta = { 'io.modelcontextprotocol/subscriptionId': 'sallyport-1' }
  const note = frameOf({ kind: 'notification', method: 'notifications/tools/list_changed', params: { _meta: meta } })
  const shown = remapReply(note, ids).envelope
  assert.deepEqual(shown.kind === 'notification' && shown.params['_meta'], {
    'io.modelcontextprotocol/subscriptionId': 7,
  })
})

test('the token of somebody else is left alone', () => {
  const progress = frameOf({
    kind: 'notification',
    method: 'notifications/progress',
    params: { progressToken: 'sallyport-2', progress: 1 },
  })
  const shown = remapReply(progress, ids).envelope
  assert.equal(shown.kind === 'notification' && shown.params['progressToken'], 'sallyport-2')
})

test('arguments and answers keep the spelling of their numbers when ids change', () => {
  const asked = Buffer.from(
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"arguments":{"n":12345678901234567890,"f":1.0}}}',
  )
  const read = readFrame(asked, { bytesMax: 1000, depthMax: 10 })
  assert.ok(read.ok)
  const sent = remapRequest(read.frame, ids)
  assert.equal(Buffer.from(sent.bytes).toString(), asked.toString().replace('"id":7', '"id":"sallyport-1"'))
  const said = Buffer.from('{"jsonrpc":"2.0","id":"sallyport-1","result":{"big":12345678901234567890}}')
  const reply = readFrame(said, { bytesMax: 1000, depthMax: 10 })
  assert.ok(reply.ok)
  assert.match(
    Buffer.from(remapReply(reply.frame, ids).bytes).toString(),
    /"id":7,"result":\{"big":12345678901234567890/u,
  )
})
