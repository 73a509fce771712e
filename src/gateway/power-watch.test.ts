import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { proves } from '../../test/guide/proves.ts'
import { layOut } from '../../test/temporary.ts'
import type { ServerName } from '../core/brand.ts'
import type { AuditEvent } from '../core/port.ts'
import type { Power } from '../sandbox/credential-power.ts'
import { newPowerWatch } from './power-watch.ts'

const power: Power = { kind: 'user token of Slack', can: 'is its person', instead: 'a bot token', severity: 'high' }

test('a credential is told of once for each server and variable, with the narrower kind', () => {
  const events: Omit<AuditEvent, 'atMs' | 'tenant'>[] = []
  const said: string[] = []
  const watch = newPowerWatch({ record: event => void events.push(event), say: text => void said.push(text) })
  const mail = 'mail' as ServerName
  watch.started(mail, new Map([['TOKEN', power]]))
  watch.started(mail, new Map([['TOKEN', power]]))
  watch.started('other' as ServerName, new Map([['TOKEN', power]]))
  assert.deepEqual(said, [
    'mail was given more than a server needs: TOKEN (user token of Slack) is its person; narrower: a bot token',
    'other was given more than a server needs: TOKEN (user token of Slack) is its person; narrower: a bot token',
  ])
  const [{ kind, severity, details } = assert.fail()] = events
  assert.deepEqual([kind, severity, details['event'], details['name']], ['server', 'high', 'credential', 'TOKEN'])
})

test('through the gateway: what a server is given is said and recorded by its kind, and never written', {
  ...proves('T3.scoped', 'P.tokens'),
}, async () => {
  const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
  const server = new URL('../cli/doctor-server.ts', import.meta.url).pathname
  const folder = layOut({})
  const url = 'postgresql://postgres:hunter2@db.example/x'
  const github = {
    ...{ command: [process.execPath, server, url], why: 'a test', env: { TOKEN: '$'.concat('{env:MY_TOKEN}') } },
    permissions: { files: { read: [server] } },
  }
  writeFileSync(
    join(folder, 'sallyport.yaml'),
    JSON.stringify({ version: 1, gateway: { sandboxAtLeast: 'none' }, servers: { github } }),
  )
  const words = ['stdio', '-c', 'sallyport.yaml']
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } }
  const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`
  const { err } = await command(words, { folder, input, env: { MY_TOKEN: secret } })
  assert.match(err, /TOKEN \(classic token of GitHub\) reaches every repository.*fine-grained/u)
  assert.match(err, /argument 2 \(administrator’s role of a database\)/u)
  const { out } = await command(['audit', 'query', '--json'], { folder })
  assert.match(out, /"event":\s*"credential"/u)
  for (const text of [err, out]) assert.ok(!text.includes(secret) && !text.includes('hunter2'))
})
