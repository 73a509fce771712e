import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { areGone } from '../../test/fixtures/alive.ts'
import { command } from '../../test/fixtures/command.ts'
import { environment, sallyport } from '../../test/fixtures/gateway.ts'
import { launch } from '../../test/fixtures/running.ts'
import { layOut } from '../../test/temporary.ts'

const server = fileURLToPath(new URL('../../test/fixtures/scripted-server.ts', import.meta.url))

function configText(denied: string, script: object = {}): string {
  return JSON.stringify({
    version: 1,
    gateway: { sandboxAtLeast: 'none' },
    servers: { one: { command: [process.execPath, server, JSON.stringify(script)], why: 'a test', permissions: {} } },
    policy: [{ name: 'denied', match: { tool: denied }, ...{ then: 'block' }, reason: 'not here' }],
  })
}

type Service = Awaited<ReturnType<typeof running>>

async function running(script: object = {}) {
  const folder = layOut({ 'sallyport.yaml': configText('nothing_yet', script) })
  const words = [sallyport, 'start', '-c', join(folder, 'sallyport.yaml'), '--port', '0', '--json', '--quiet']
  const started = launch(words, environment(folder))
  const [line] = await once(started.child.stdout, 'data')
  const { url, token }: { url: string; token: string } = JSON.parse(String(line))
  return { ...started, folder, url, token }
}

async function post({ url, token }: Service, session: string | undefined, body: object) {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
  }
  const answer = await request(url, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) })
  const id = answer.headers['mcp-session-id']
  return { status: answer.statusCode, session: typeof id === 'string' ? id : undefined, text: await answer.body.text() }
}

const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a test', version: '1' } }
const call = (id: number) => ({ id, method: 'tools/call', params: { name: 'echo', arguments: {} } })

async function until(isSo: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    if (await isSo()) return true
    await sleep(50)
  }
  return false
}

test('a changed file holds at once and keeps the session, and a bad one keeps the old and says where it is wrong', async () => {
  const service = await running({ tools: [[{ name: 'echo', inputSchema: { type: 'object' } }]] })
  try {
    const { session } = await post(service, undefined, { id: 1, method: 'initialize', params: hello })
    assert.ok(session)
    assert.doesNotMatch((await post(service, session, call(2))).text, /not here|Not here/u)
    const file = join(service.folder, 'sallyport.yaml')
    writeFileSync(file, configText('echo', { tools: [[{ name: 'echo', inputSchema: { type: 'object' } }]] }))
    assert.ok(await until(() => service.stderr().includes('configuration reloaded')), service.stderr())
    const refused = await post(service, session, call(3))
    assert.equal(refused.status, 200)
    assert.match(refused.text, /[Nn]ot here/u)
    writeFileSync(file, 'version: 1\nservres: {}\n')
    assert.ok(await until(() => service.stderr().includes('not reloaded')), service.stderr())
    assert.match(service.stderr(), /sallyport\.yaml:2.*servers/u)
    assert.match((await post(service, session, call(4))).text, /[Nn]ot here/u)
  } finally {
    await service.stop()
  }
})

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)
  test(`${signal} of the service leaves no server behind`, async () => {
    const service = await running({ onEof: 'ignore', onTerm: 'ignore' })
    await post(service, undefined, { id: 1, method: 'initialize', params: hello })
    const pids = readFileSync(`/proc/${service.pid}/task/${service.pid}/children`, 'utf8').split(' ').filter(Boolean)
    assert.ok(pids.length > 0, 'the server runs')
    service.child.kill(signal)
    await once(service.child, 'exit')
    assert.equal(await areGone(pids, 6000), true)
    if (signal !== 'SIGKILL') assert.equal(service.child.exitCode, 0)
  })

test('a port that is none, and one that is taken, end with 2 and a sentence', async () => {
  const service = await running()
  try {
    const { folder, url } = service
    const [none, taken] = await Promise.all([
      command(['start', '-c', 'sallyport.yaml', '--port', 'http'], { folder }),
      command(['start', '-c', 'sallyport.yaml', '--port', new URL(url).port], { folder }),
    ])
    assert.deepEqual([none.code, none.out, taken.code, taken.out], [2, '', 2, ''])
    assert.match(none.err, /--port http: a whole number/u)
    assert.match(taken.err, /cannot start: .*(?:EADDRINUSE|in use)/u)
  } finally {
    await service.stop()
  }
})
