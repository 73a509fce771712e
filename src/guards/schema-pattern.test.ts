import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { linearPattern, patternBounds } from './schema-pattern.ts'

const compile = (pattern: string) => {
  const notes = { spent: { steps: 0, patternChars: 0 }, unchecked: [] as string[] }
  return { fits: linearPattern(pattern, notes), ...notes }
}

test('common patterns of schemas mean here what they mean elsewhere', () => {
  const table: [string, string, boolean][] = [
    ['^[a-z]+$', 'abc', true],
    ['^[a-z]+$', 'abc\n', false],
    ['b', 'abc', true],
    ['^\\d{3}-\\d{4}$', '555-1234', true],
    ['^\\w+@\\w+\\.com$', 'a@b.com', true],
    ['^(red|green)$', 'blue', false],
    ['^\\/[^\\/]+$', '/etc', true],
    ['^\\u0041$', 'A', true],
    ['^\\p{L}+$', 'żółć', true],
    ['^.$', '😀', true],
  ]
  for (const [pattern, text, fits] of table) {
    const { fits: compiled, unchecked } = compile(pattern)
    assert.deepEqual([compiled.test(text), unchecked], [fits, []], pattern)
  }
})

test('a pattern made to explode takes linear time', () => {
  const began = cpuMs()
  assert.equal(compile('^(a+)+$').fits.test(`${'a'.repeat(50_000)}!`), false)
  assert.equal(compile('(x+x+)+y').fits.test('x'.repeat(50_000)), false)
  assert.ok(cpuMs() - began < 2_000)
})

test('a pattern that has no linear form, or is too large, is noted and never run', () => {
  for (const pattern of [
    '(a)\\1',
    '(?=a)b',
    '(?<!x)y',
    '((a{100}){100}){100}',
    '(',
    'x'.repeat(patternBounds.length + 1),
  ])
    assert.equal(compile(pattern).unchecked.length, 1, pattern.slice(0, 20))
})

test('text beyond what one validation may run through patterns is not run', () => {
  const { fits } = compile('^a+$')
  assert.throws(() => fits.test('a'.repeat(patternBounds.chars)), RangeError)
})
