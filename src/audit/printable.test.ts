import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { printable } from './printable.ts'

test('ordinary text of any script is shown as it came', () => {
  for (const text of ['plain', 'Grüße', '日本語', 'emoji 👋', 'a\\b"c']) assert.equal(printable(text), text)
})

test('terminal escapes, fake lines and hidden writing are spelled out', () => {
  assert.equal(printable('\u001b[2J\u001b]0;pwned\u0007'), '\\u{1b}[2J\\u{1b}]0;pwned\\u{7}')
  assert.equal(printable('ok\r\n{"sequence":9}'), 'ok\\r\\n{"sequence":9}')
  assert.equal(printable('a\u202eb\u2066c\u200bd\u{e0041}e'), 'a\\u{202e}b\\u{2066}c\\u{200b}d\\u{e0041}e')
  assert.equal(printable('\u009b31m'), '\\u{9b}31m')
})

test('what is shown holds no control, format or private surrogate, whatever came', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const shown = printable(text)
      assert.ok(shown.isWellFormed())
      assert.doesNotMatch(shown, /[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200b\ufeff]/u)
      assert.equal(printable(shown), shown)
    }),
  )
})
