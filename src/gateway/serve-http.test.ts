import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { request } from 'undici'
import { layOut } from '../../test/temporary.ts'
import { auditVerify } from '../audit/verify.ts'
import type { ServerConfig } from '../config/config.ts'
import { defaultConfig } from '../config/defaults.ts'
import { serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import { defaultsOf } from '../core/option.ts'
import { guards } from '../guards/index.ts'
import { serveOverHttp } from './serve-http.ts'

const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a test', version: '1' } }

async function greet(url: string, token: string | undefined): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: hello })
  const answer = await request(url, { method: 'POST', headers, body })
  await answer.body.dump()
  return answer.statusCode
}

test('only the holder of the token is served, and a reload can open and close that door', async () => {
  process.env['SALLYPORT_STATE'] = layOut({})
  const config = defaultConfig(guards)
  const service = await serveOverHttp({ config, accept: ['none'], port: 0, say: () => {} })
  try {
    assert.match(service.url, /^http:\/\/127\.0\.0\.1:\d+\/mcp$/u)
    assert.equal(statSync(service.tokenFile).mode & 0o777, 0o600)
    assert.equal(await greet(service.url, undefined), 401)
    assert.equal(await greet(service.url, `${service.token}x`), 401)
    assert.equal(await greet(service.url, service.token), 200)
    await service.reload({ ...config, gateway: { ...config.gateway, requireToken: false } })
    assert.equal(await greet(service.url, undefined), 200)
    await service.reload(config)
    assert.equal(await greet(service.url, undefined), 401)
  } finally {
    await service.close()
  }
})

test('after the end nobody listens', async () => {
  process.env['SALLYPORT_STATE'] = layOut({})
  const service = await serveOverHttp({ config: defaultConfig(guards), accept: ['none'], port: 0, say: () => {} })
  await service.close()
  await assert.rejects(greet(service.url, service.token), { code: 'ECONNREFUSED' })
})

test('a gateway that finds its port taken gives its record an end, as one that was killed could not', async () => {
  const state = layOut({})
  process.env['SALLYPORT_STATE'] = state
  const config = defaultConfig(guards)
  const service = await serveOverHttp({ config, accept: ['none'], port: 0, say: () => {} })
  const port = Number(new URL(service.url).port)
  await assert.rejects(serveOverHttp({ config, accept: ['none'], port, say: () => {} }), { code: 'EADDRINUSE' })
  await service.close()
  const report = await auditVerify(join(state, 'audit'))
  assert.ok(report.isIntact)
  assert.deepEqual(
    report.chains.map(({ state }) => state),
    ['ended', 'ended'],
  )
})

function writing(file: string): ServerConfig {
  const source = `require('fs').appendFileSync(${JSON.stringify(file)}, process.pid + '\\n'); setInterval(() => {}, 1e6)`
  return {
    name: 's' as ServerName,
    connect: { kind: 'command', command: [process.execPath, '-e', source], cwd: process.cwd(), env: new Map() },
    traits: { writers: 'unknown' },
    settings: defaultsOf(serverOptions),
    effects: new Map(),
    permissions: undefined,
  }
}

test('a server starts when a client first wants something of it, and ends with the gateway', async () => {
  const folder = layOut({})
  process.env['SALLYPORT_STATE'] = folder
  const file = join(folder, 'pids')
  const servers = new Map([['s' as ServerName, writing(file)]])
  const service = await serveOverHttp({
    config: { ...defaultConfig(guards), servers },
    accept: ['none'],
    port: 0,
    say() {},
  })
  await new Promise(resolve => setTimeout(resolve, 100))
  assert.ok(!existsSync(file))
  const asked = greet(service.url, service.token).catch(() => 0)
  while (!existsSync(file)) await new Promise(resolve => setTimeout(resolve, 20))
  await service.close()
  await asked
  const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number)
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' }, String(pid))
})
