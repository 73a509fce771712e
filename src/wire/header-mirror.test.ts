import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { decodeHeader, encodeHeader, headersFor, metaKeys, mirroredParams } from './header-mirror.ts'

test('any text survives the trip through a header, and the header is always printable ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const value = encodeHeader(text)
      assert.match(value, /^[!-~](?:[ -~]*[!-~])?$/u)
      assert.equal(decodeHeader(value), text)
    }),
  )
})

test('text that looks like the base64 form is itself wrapped, so that it cannot be decoded twice', () => {
  const tricky = '=?base64?SGk=?='
  assert.notEqual(encodeHeader(tricky), tricky)
  assert.equal(decodeHeader(encodeHeader(tricky)), tricky)
})

test('base64 without padding, with foreign characters or without valid UTF-8 has no meaning', () => {
  for (const value of ['=?base64?SGVsbG8?=', '=?base64?SGVs!!!bG8=?=', '=?base64?/w==?='])
    assert.equal(decodeHeader(value), undefined)
  for (const value of ['SGVsbG8=', '=?base64?SGVsbG8=', 'SGVsbG8=?=']) assert.equal(decodeHeader(value), value)
})

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
