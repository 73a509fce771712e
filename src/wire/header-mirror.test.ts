import assert from 'node:assert/strict'
import test from 'node:test'
import { headersFor, metaKeys, mirroredParams } from './header-mirror.ts'
import { encodeHeader } from './header-value.ts'

test('a tool schema of hostile depth or width is read up to a bound', () => {
  const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, { 'x-mcp-header': `H${i}` }]))
  assert.equal(mirroredParams({ properties: wide }).length, 64)
  let deep: { properties?: object; 'x-mcp-header'?: string } = { 'x-mcp-header': 'Deep' }
  for (let i = 0; i < 5000; i++) deep = { properties: { p: deep } }
  assert.deepEqual(mirroredParams(deep as never), [])
})

test('a rewritten name gets its own header; a legacy body gets none', () => {
  const _meta = { [metaKeys.version]: '2026-07-28' }
  const read = { kind: 'request', id: 1, method: 'resources/read', params: { uri: 'file:///ä', _meta } } as const
  assert.equal(headersFor(read)['mcp-name'], encodeHeader('file:///ä'))
  assert.deepEqual(headersFor({ ...read, params: { uri: 'file:///a' } }), {})
})
