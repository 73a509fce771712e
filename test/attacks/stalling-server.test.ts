import assert from 'node:assert/strict'
import test from 'node:test'
import { gatewayMissing, startGateway } from '../fixtures/gateway.ts'
import { json, origin } from '../fixtures/http-ends.ts'
import { scriptedHttp } from '../fixtures/running.ts'
import type { Rpc } from '../fixtures/scripted-acts.ts'
import { httpTalker } from '../plays/http-talker.ts'
import { greet } from '../plays/talker.ts'

/** One who promises everything and then takes no notification, sets no level and lists page after page, slowly. */
async function gatewayWithStaller(t: test.TestContext) {
  const staller = await origin(t, (response, { body, method }) => {
    if (method !== 'POST') return void response.writeHead(405).end()
    const { id, method: wanted } = JSON.parse(body) as Rpc
    if (id === undefined || wanted === 'logging/setLevel') return
    const tools = [{ name: 't', inputSchema: { type: 'object' } }]
    const page = { tools, nextCursor: `${Math.random()}` }
    const hello = {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, logging: {} },
      serverInfo: { name: 's', version: '1' },
    }
    const result = wanted === 'initialize' ? hello : page
    setTimeout(() => json(response, { jsonrpc: '2.0', id: id as string, result }), wanted === 'initialize' ? 0 : 4000)
  })
  const good = await scriptedHttp({ methods: { 'logging/setLevel': [[{ result: {} }]] } })
  const servers = { staller: { url: staller.url, why: 'a test' }, good: { url: good.url, why: 'a test' } }
  const gateway = await startGateway({ config: { version: 1, servers } })
  const talker = httpTalker(gateway.url, 'legacy', { answer: () => ({}), token: gateway.token })
  t.after(async () => {
    await talker.close()
    await gateway.stop()
    await good.stop()
  })
  return talker
}

async function secondsOf(work: Promise<unknown>): Promise<number> {
  const before = performance.now()
  await work
  return (performance.now() - before) / 1000
}

test('a server that stalls on everything keeps nobody from the others', {
  skip: gatewayMissing,
  timeout: 110_000,
}, async t => {
  const talker = await gatewayWithStaller(t)
  assert.ok((await secondsOf(greet(talker))) < 10, 'the handshake')
  assert.ok((await secondsOf(talker.request('logging/setLevel', { level: 'info' }))) < 10, 'the log level')
  const call = talker.request('tools/call', { name: 'good__echo', arguments: { a: 1 } })
  assert.ok((await secondsOf(call)) < 10, 'a call')
  assert.match((await call).raw, /\\"a\\":1/u)
  const { answer } = await talker.request('tools/list')
  const { tools, _meta } = answer['result'] as { tools: Rpc[]; _meta: Rpc }
  assert.deepEqual(
    tools.map(({ name }) => name).filter(name => name !== 'sallyport__more'),
    ['good__echo'],
  )
  assert.match(JSON.stringify(_meta), /staller/u)
})
