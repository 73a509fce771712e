import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { decodeHeader, encodeHeader } from './header-value.ts'

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
