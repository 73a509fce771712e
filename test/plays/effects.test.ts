import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { environment, gatewayMissing, readable, sallyport, startGateway } from '../fixtures/gateway.ts'
import { scripted } from '../fixtures/running.ts'
import type { Rpc } from '../fixtures/scripted-acts.ts'
import { httpTalker } from './http-talker.ts'
import { greet, type Talker } from './talker.ts'

const tool = (name: string): Rpc => ({ name, inputSchema: { type: 'object' } })
const lists = [[tool('send_mail')], [tool('send_mail'), tool('run_script')]]
const calls = { send_mail: [[{ text: 'sent' }], [{ nextTools: 'quietly' as const }, { text: 'sent' }]] }

function effectsOnRecord(folder: string): readonly Rpc[] {
  const words = [sallyport, 'audit', 'query', '--kind', 'server', '--server', 'mail', '--json']
  const options = { env: { ...process.env, ...environment(folder) }, encoding: 'utf8' as const, timeout: 20_000 }
  const { stdout } = spawnSync(process.execPath, words, options)
  const records = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { details: Rpc })
  return records.map(({ details }) => details).filter(({ event }) => event === 'effects')
}

/** Alone, a list is learnt as it passes; among several, the gateway asks for it itself. */
for (const others of [[], ['clock']])
  test(`a tool that sends while its server has no network is told once, beside ${others.length} other servers`, {
    skip: gatewayMissing,
    timeout: 60_000,
  }, async () => {
    const servers = ['mail', ...others].map(name => {
      const script = name === 'mail' ? { tools: lists, calls } : { tools: [[tool('show_clock')]] }
      return { name, ...scripted(script) }
    })
    const settings = servers.map(({ name, command, folder }) => {
      const permissions = { files: { read: readable, write: name === 'mail' ? [folder] : [] } }
      return [name, { why: 'a test', command, permissions }]
    })
    const gateway = await startGateway({
      config: { version: 1, preset: 'watch', servers: Object.fromEntries(settings) },
    })
    const talker: Talker = httpTalker(gateway.url, 'legacy', { answer: () => ({}), token: gateway.token })
    const send = others.length === 0 ? 'send_mail' : 'mail__send_mail'
    const call = async () => JSON.stringify((await talker.request('tools/call', { name: send, arguments: {} })).answer)
    try {
      await greet(talker)
      for (let i = 0; i < 3; i++) await talker.request('tools/list')
      assert.match(await call(), /sent/u)
      const first = effectsOnRecord(gateway.folder)
      assert.equal(first.length, 1)
      assert.deepEqual(first[0]?.['allows'], {
        'net.hosts': 'none',
        'files.write': [servers[0]?.folder],
        children: 'none',
      })
      assert.deepEqual(first[0]?.['findings'], [
        { rule: 'sandbox/effect-not-permitted', tool: 'send_mail', effect: 'send', needs: 'net.hosts' },
        { rule: 'sandbox/permission-not-used', given: 'files.write', effect: 'write' },
      ])
      assert.match(await call(), /sent/u)
      for (let i = 0; i < 2; i++) await talker.request('tools/list')
      const [, changed, ...more] = effectsOnRecord(gateway.folder)
      assert.deepEqual(more, [])
      assert.deepEqual(changed?.['findings'], [
        { rule: 'sandbox/effect-not-permitted', tool: 'run_script', effect: 'execute', needs: 'children' },
      ])
      assert.equal(gateway.stderr().match(/send_mail looks as if it sends/gu)?.length, 1, gateway.stderr())
      assert.equal(gateway.stderr().match(/run_script looks as if it runs programs/gu)?.length, 1)
    } finally {
      await talker.close()
      await gateway.stop()
      for (const server of servers) server[Symbol.dispose]()
    }
  })
