import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { proves } from '../../test/guide/proves.ts'
import { temporaryFolder } from '../../test/temporary.ts'
import type { ServerName } from '../core/brand.ts'
import { lazyEgress } from './lazy-egress.ts'

const audit = { append: () => {} }

test('without a server that declares hosts, nothing is opened and nothing is to be closed', async () => {
  await lazyEgress({ audit, folder: temporaryFolder(), say: () => {} }).close()
})

test('a server that declares hosts gets a room of its own, and closing takes it away', async t => {
  if (process.platform !== 'linux' || !existsSync('/usr/sbin/nft')) return t.skip('needs Linux with nftables')
  const egress = lazyEgress({ audit, folder: temporaryFolder(), say: () => {} })
  const room = await egress.open('s' as ServerName, [{ name: 'api.example.com', port: 443 }])
  assert.equal(room.kind, 'namespace')
  await room.close()
  await egress.close()
})

test('a dial that was refused is told once with the line to add, however often it is tried', {
  ...proves('T4.monitor', 'C4.traffic'),
}, async t => {
  const lacks = ['/usr/bin/bwrap', '/usr/sbin/nft'].filter(path => !existsSync(path))
  if (process.platform !== 'linux' || lacks.length > 0) return t.skip(`needs Linux with ${lacks.join(', ')}`)
  const folder = temporaryFolder()
  const server = new URL('../../test/fixtures/curious-server.ts', import.meta.url).pathname
  const wishes = JSON.stringify({
    fetch: ['https://other.example/a', 'https://other.example/b', 'https://third.example/'],
  })
  const words = ['exec', '--net', 'api.example:443', '--', process.execPath, server, wishes]
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } }
  const messages = [
    { id: 1, method: 'initialize', params },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
    { id: 3, method: 'tools/call', params: { name: 'translate', arguments: {} } },
  ]
  const input = messages.map(message => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('')
  const { err } = await command(words, { folder, input, until: '"id":3' })
  const added = [...err.matchAll(/add --net (\S+) before --/gu)].map(([, host]) => host)
  assert.deepEqual(added, ['other.example:443', 'third.example:443'], err)
  const { out } = await command(['audit', 'query', '--json'], { folder })
  assert.match(out, /"event":\s*"alert","rule":\s*"egress-denied"/u, 'and it is an alert')
})
