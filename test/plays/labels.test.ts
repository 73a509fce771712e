import assert from 'node:assert/strict'
import test from 'node:test'
import { configFile, environment, gatewayMissing, sallyport } from '../fixtures/gateway.ts'
import { scriptedHttp, start } from '../fixtures/running.ts'
import type { Rpc } from '../fixtures/scripted-acts.ts'
import { httpTalker } from './http-talker.ts'
import { type Era, versions } from './talker.ts'

const work = 'dev.sallyport/work'
const inputSchema = { type: 'object', properties: { n: { type: 'string' } } }

/** Somebody of the same principal, under a client name and, in the modern era, a piece of work of their own choice. */
type Guise = { readonly era: Era; readonly name: string }

/** The real gateway with the preset `careful`, over a page that anyone can write and a tool that sends. */
async function gatewayWith(labels: Rpc) {
  const web = await scriptedHttp({
    tools: [[{ name: 'read_page', description: 'Reads a page.', inputSchema }]],
    calls: { read_page: [[{ text: 'The meeting is at ten.' }]] },
  })
  const mail = await scriptedHttp({ tools: [[{ name: 'send_mail', description: 'Sends a mail.', inputSchema }]] })
  const servers = {
    web: { url: web.url, writers: 'anyone', why: 'a test' },
    mail: { url: mail.url, writers: 'owner', why: 'a test' },
  }
  const config = { version: 1, servers, approval: { holdMs: 0 }, ...labels }
  const { path, folder, [Symbol.dispose]: remove } = configFile(config)
  const open = async () => {
    const gateway = await start([sallyport, 'start', '--config', path, '--port', '0', '--json'], environment(folder))
    return { ...gateway, ...(JSON.parse(gateway.line) as { url: string; token: string }) }
  }
  let gateway = await open()

  async function connect({ era, name }: Guise) {
    const talker = httpTalker(gateway.url, era, { answer: () => ({}), token: gateway.token })
    const clientInfo = { name, version: '1' }
    const meta = { _meta: { 'io.modelcontextprotocol/clientInfo': clientInfo, [work]: name } }
    const say = (method: string, params: Rpc) =>
      talker.request(method, era === 'modern' ? { ...params, ...meta } : params)
    if (era === 'legacy') {
      await say('initialize', { protocolVersion: versions.legacy, capabilities: {}, clientInfo })
      await talker.notify('notifications/initialized')
    }
    await say('tools/list', {})
    const call = async (tool: string) =>
      JSON.stringify((await say('tools/call', { name: tool, arguments: { n: name } })).answer)
    return { call, close: () => talker.close() }
  }

  return {
    connect,
    mails: () =>
      mail.seen().filter(({ received }) => (received as Rpc | undefined)?.['method'] === 'tools/call').length,
    async restart() {
      await gateway.stop()
      gateway = await open()
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop()
      await web.stop()
      await mail.stop()
      remove()
    },
  }
}

const isAsked = /"verdict":"ask".*"policy:acts-after-untrusted"/u

for (const era of ['legacy', 'modern'] as const)
  test(`with labels of the principal, no new name sheds what was read, in the ${era} era`, {
    skip: gatewayMissing,
    timeout: 60_000,
  }, async () => {
    await using scene = await gatewayWith({ sessions: { labels: 'principal' } })
    const before = await scene.connect({ era, name: 'open-before' })
    const reader = await scene.connect({ era, name: 'reader' })
    assert.doesNotMatch(await before.call('mail__send_mail'), isAsked)
    assert.equal(scene.mails(), 1)
    assert.match(await reader.call('web__read_page'), /meeting is at ten/u)
    assert.match(await before.call('mail__send_mail'), isAsked)
    const after = await scene.connect({ era, name: 'new-name' })
    assert.match(await after.call('mail__send_mail'), isAsked)
    for (const { close } of [before, reader, after]) await close()
    await scene.restart()
    const later = await scene.connect({ era, name: 'after-a-restart' })
    assert.match(await later.call('mail__send_mail'), isAsked)
    assert.equal(scene.mails(), 1)
    await later.close()
  })

test('with labels of the work, which is the default, another name starts without labels', {
  skip: gatewayMissing,
  timeout: 60_000,
}, async () => {
  await using scene = await gatewayWith({})
  const reader = await scene.connect({ era: 'modern', name: 'reader' })
  await reader.call('web__read_page')
  assert.match(await reader.call('mail__send_mail'), isAsked)
  // The known gap that the setting closes: the same client, the same conversation, another name for its work.
  const other = await scene.connect({ era: 'modern', name: 'new-name' })
  assert.doesNotMatch(await other.call('mail__send_mail'), isAsked)
  assert.equal(scene.mails(), 1)
  for (const { close } of [reader, other]) await close()
})
