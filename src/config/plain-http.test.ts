import assert from 'node:assert/strict'
import test from 'node:test'
import { guards } from '../guards/index.ts'
import { configOf } from './load.ts'
import { problemLine } from './problem.ts'

async function warningsOf(server: object): Promise<readonly string[]> {
  const text = JSON.stringify({ version: 1, servers: { far: server } })
  const loaded = await configOf([{ path: 'sallyport.yaml', layer: 'user', text }], guards)
  assert.ok(loaded.ok)
  return loaded.warnings.map(problemLine)
}

test('a server that is reached over plain http is warned of where it is written', async () => {
  const [warning = ''] = await warningsOf({ url: 'http://mcp.example.com/mcp' })
  assert.match(warning, /^sallyport\.yaml:1:\d+: servers\.far\.url: is plain http: .* write https:\/\//u)
  const withKey = await warningsOf({ url: 'http://203.0.113.9/mcp', headers: { Authorization: '$' + '{KEY}' } })
  assert.match(withKey.join(), /and reads Authorization;/u)
})

test('https, this machine and a network of one’s own are not warned of', async () => {
  const near = ['https://mcp.example.com/mcp', 'http://localhost:8/mcp', 'http://a.localhost/', 'http://127.0.0.1:8/']
  for (const url of [...near, 'http://[::1]:8/', 'http://10.1.2.3/', 'http://192.168.1.7/mcp'])
    assert.deepEqual(await warningsOf({ url }), [], url)
  assert.deepEqual(await warningsOf({ url: 'http://build.corp/mcp', allowPrivate: true }), [])
})
