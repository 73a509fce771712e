import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { readIndependently } from '../../test/second-reader.ts'
import { isExactInteger, parseStrict } from './json.ts'

const limits = { bytesMax: 1 << 20, depthMax: 32 }
const strict = (text: string | Uint8Array) => parseStrict(Buffer.from(text as string), limits)
const codeOf = (text: string | Uint8Array) => {
  const parsed = strict(text)
  return parsed.ok ? 'ok' : parsed.code
}

test('what JSON.parse accepts and no parser reads otherwise is accepted with the same value', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), text => {
      const parsed = strict(text)
      if (!parsed.ok) return assert.equal(parsed.code, 'ambiguous')
      // Where a backslash may stand in a key, the native parser of the test is no more to be believed than any other.
      if (!text.includes('\\')) assert.deepEqual(parsed.value, JSON.parse(text))
    }),
    { numRuns: 300 },
  )
})

test('whatever is accepted, an independent reader reads the same, and it meets no key twice', () => {
  // Made of fragments, so that most texts are nearly JSON: keys repeat plainly and through escapes, strings hold
  // quotes, colons and braces, numbers are odd, and some texts are broken.
  const key = fc.constantFrom('"a"', '"\\u0061"', '"b"', '"a:"', '"\\"a"', '"__proto__"', '"{"', '"\\\\"', '""')
  const leaf = fc.constantFrom(
    '1',
    '-0',
    '1.0',
    '1e5',
    '"x"',
    '"\\ud800"',
    '"\\ud83d\\ude00"',
    'null',
    'tru',
    '01',
    '"',
  )
  const { value } = fc.letrec<{ value: string }>(tie => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(all => `{${all.map(kv => kv.join(':')).join(',')}}`),
      fc.array(tie('value'), { maxLength: 4 }).map(all => `[${all.join(' , ')}]`),
    ),
  }))
  let accepted = 0
  fc.assert(
    fc.property(value, text => {
      const parsed = strict(text)
      const other = readIndependently(text)
      assert.equal(parsed.ok, other.ok, `${text} → ${parsed.ok ? 'ok' : parsed.code}`)
      if (!parsed.ok || !other.ok) return
      accepted++
      assert.deepEqual(parsed.value, other.value)
      if (!text.includes('\\')) assert.equal(JSON.stringify(parsed.value), JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 1500 },
  )
  assert.ok(accepted > 100, `only ${accepted} texts were accepted`)
})

test('a key that comes twice is refused, plainly, through escapes, and at any depth', () => {
  assert.equal(codeOf('{"a":1,"a":1}'), 'ambiguous')
  assert.equal(codeOf('{"name":"safe","na\\u006de":"evil"}'), 'ambiguous')
  assert.equal(codeOf('[[{"x":{"":1,"":2}}]]'), 'ambiguous')
  assert.equal(codeOf('{"__proto__":1,"__proto__":2}'), 'ambiguous')
  assert.equal(codeOf('{"a":{"b":1},"c":{"b":1}}'), 'ok')
})

test('a key written with escapes is read as itself, whatever keys earlier messages had at its place', () => {
  // V8 compares the raw text of an escaped key with the key it expects: after {"a":…,"\\\\":…} the key "\\u0062" came out
  // as a backslash, and a judged `name` can be made to look like anything.
  for (let i = 0; i < 50; i++) {
    assert.ok(strict('{"a":1,"\\\\":2}').ok)
    assert.ok(strict('{"tool":1,"\\\\u00":2}').ok)
    assert.deepEqual(strict('{"a":{"a":1,"\\u0062":2}}'), { ok: true, value: { a: { a: 1, b: 2 } }, isOneLine: true })
    assert.deepEqual(strict('{"tool":1,"\\u006eame":2}'), { ok: true, value: { tool: 1, name: 2 }, isOneLine: true })
    assert.equal(codeOf('{"a":{"a":1,"\\u0061":1}}'), 'ambiguous')
  }
})

test('the refusal names the doubled key only when it is a plain name', () => {
  const plain = strict('{"q":"a\\"b","name":1, "name" :2}')
  assert.match(plain.ok ? '' : plain.detail, /"name" stands twice/u)
  const secret = strict(`{"sk live ${'x'.repeat(30)}":1,"sk live ${'x'.repeat(30)}":2}`)
  assert.match(secret.ok ? '' : secret.detail, /of 38 characters stands twice/u)
})

test('bytes that are not UTF-8 are refused: overlong forms, encoded surrogates, cut sequences', () => {
  for (const bad of [[0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xe6, 0x97], [0xff]])
    assert.equal(codeOf(Buffer.from([34, ...bad, 34])), 'bad-utf8')
})

test('a byte order mark is refused', () => assert.equal(codeOf('\ufeff{}'), 'ambiguous'))

test('half a surrogate pair is refused in values and keys, a whole pair and an escaped backslash are not', () => {
  assert.equal(codeOf('"\\ud83d"'), 'ambiguous')
  assert.equal(codeOf('{"\\uDE00":1}'), 'ambiguous')
  assert.equal(codeOf('["\\ude00\\ud83d"]'), 'ambiguous')
  assert.equal(codeOf('"\\ud83d\\ude00"'), 'ok')
  assert.equal(codeOf('"\\\\ud83d"'), 'ok')
})

test('nesting beyond the limit is refused before anything is built', () => {
  assert.equal(codeOf('['.repeat(32) + ']'.repeat(32)), 'ok')
  assert.equal(codeOf('['.repeat(33) + ']'.repeat(33)), 'too-deep')
  assert.equal(codeOf('['.repeat(500_000)), 'too-deep')
  assert.equal(codeOf(`"${'['.repeat(500)}"`), 'ok')
})

test('more bytes than the limit are refused', () => {
  assert.equal(codeOf(`"${'x'.repeat(1 << 20)}"`), 'too-long')
})

test('line breaks between tokens are noticed, those written as escapes are not', () => {
  const isOneLine = (text: string) => {
    const parsed = strict(text)
    return parsed.ok && parsed.isOneLine
  }
  assert.equal(isOneLine('{"a":\r1}'), false)
  assert.equal(isOneLine('{"a":\n1}'), false)
  assert.equal(isOneLine('{"a":"\\n\\r"}'), true)
})

test('only integers that every parser holds exactly count as exact', () => {
  assert.ok(isExactInteger(2 ** 53 - 1))
  for (const bad of [2 ** 53, 1.5, -0, Number.NaN, '1', null]) assert.ok(!isExactInteger(bad), String(bad))
})

test('every line of the corpus gets the verdict written beside it', () => {
  const lines = readFileSync(new URL('../../fuzz/json/corpus.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  for (const line of lines) {
    const { base64, verdict } = JSON.parse(line) as { base64: string; verdict: string }
    assert.equal(codeOf(Buffer.from(base64, 'base64')), verdict, Buffer.from(base64, 'base64').toString())
  }
  assert.ok(lines.length >= 30)
})
