import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import { isObject } from '../core/json.ts'
import type { Envelope } from '../wire/envelope.ts'

const broken: Server = { answer: () => Promise.reject(Object.assign(new Error('no'), { code: -32603 })) }
const resultOf = (answer: Envelope | undefined) =>
  answer?.kind === 'result' && isObject(answer.result) ? answer.result : {}
const namesOf = (answer: Envelope | undefined) => {
  const { tools } = resultOf(answer)
  return Array.isArray(tools) ? tools.map(tool => (isObject(tool) ? tool['name'] : '')) : []
}

test('several servers appear as one, each tool under its server, and calls find their way', async () => {
  const { say } = stage({ servers: { a: echoServer('read'), b: echoServer('read', 'write') } })
  assert.deepEqual(namesOf((await say('tools/list')).answer), ['a__read', 'b__read', 'b__write'])
  const { answer } = await say('tools/call', { name: 'b__write', arguments: { x: 1 } })
  assert.deepEqual(resultOf(answer)['content'], [{ type: 'text', text: 'write {"x":1}' }])
})

test('a call before any list finds its server all the same', async () => {
  const { say } = stage({ servers: { a: echoServer('one'), b: echoServer('two') } })
  const { answer } = await say('tools/call', { name: 'b__two', arguments: {} })
  assert.deepEqual(resultOf(answer)['content'], [{ type: 'text', text: 'two {}' }])
})

test('a name that no server has is an error that names it', async () => {
  const { answer } = await stage({ servers: { a: echoServer('one'), b: echoServer('two') } }).say('tools/call', {
    name: 'c__three',
  })
  assert.match(JSON.stringify(answer), /no server has .*c__three/u)
})

test('one broken server leaves the others serving', async () => {
  const { say } = stage({ servers: { a: echoServer('one'), b: broken } })
  assert.deepEqual(namesOf((await say('tools/list')).answer), ['a__one'])
  assert.match(
    JSON.stringify((await say('initialize', { protocolVersion: '2025-11-25', capabilities: {} })).answer),
    /b is not available/u,
  )
})

test('a call to a server that ended says that the others are not affected', async () => {
  const ending: Server = {
    answer(_, { crash }) {
      crash()
      return new Promise(() => {})
    },
  }
  const { say } = stage({ servers: { a: echoServer('one'), b: ending } })
  const { answer } = await say('tools/call', { name: 'b__two' })
  assert.match(JSON.stringify(answer), /b is not available .*The other servers are not affected\./u)
})

test('the handshake is passed on and what servers can do is joined', async () => {
  const prompts: Server = {
    answer: () => ({
      protocolVersion: '2025-11-25',
      capabilities: { prompts: { listChanged: true } },
      serverInfo: {},
      instructions: 'be nice',
    }),
  }
  const { say } = stage({ servers: { a: echoServer('one'), b: prompts } })
  const result = resultOf((await say('initialize', { protocolVersion: '2025-11-25', capabilities: {} })).answer)
  assert.deepEqual(result['capabilities'], { tools: { listChanged: true }, prompts: { listChanged: true } })
  assert.equal(result['instructions'], 'b: be nice')
})

test('a modern client is sent the legacy way while one server is not modern', async () => {
  const { answer } = await stage({ servers: { a: echoServer('one'), b: echoServer('two') } }).say(
    'server/discover',
    {},
    { era: 'modern' },
  )
  assert.equal(answer?.kind === 'error' && answer.error.code, -32601)
})

test('a surface that was refused is named as missing, not shown as empty', async () => {
  const { say } = stage({
    servers: { a: echoServer('one'), b: echoServer('two') },
    verdict: ({ body, server }) => ({ kind: body.kind === 'server.surface' && server === 'b' ? 'block' : 'allow' }),
  })
  const result = resultOf((await say('tools/list')).answer)
  assert.match(JSON.stringify(result['_meta']), /dev\.sallyport\/missing.*"server":"b"/u)
})

test('an unknown method is for no one when there are several who could be meant', async () => {
  const { answer } = await stage({ servers: { a: echoServer(), b: echoServer() } }).say('acme/do')
  assert.equal(answer?.kind === 'error' && answer.error.code, -32601)
})

test('one server of several cannot move the client to another session', async () => {
  const server = { ...echoServer('t'), streamed: [] }
  const { say } = stage({ servers: { a: server, b: server }, kind: 'http' })
  const greeting = await say('initialize', { protocolVersion: '2025-11-25', capabilities: {} }, { isHttp: true })
  const headers = { 'mcp-session-id': greeting.http?.headers['mcp-session-id'] ?? '' }
  const { answer, http } = await say('tools/call', { name: 'a__t' }, { isHttp: true, headers })
  assert.equal(answer?.kind, 'result')
  assert.equal(http?.headers['mcp-session-id'], undefined)
})
