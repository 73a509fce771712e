import assert from 'node:assert/strict'
import test from 'node:test'
import { isQuoted, quotationsIn } from './quotation.ts'

const quoted = (text: string, part: string): boolean => {
  const at = text.indexOf(part)
  return isQuoted(quotationsIn(text), [at, at + part.length])
}

test('what is fenced, set off, in quotes, in a table or in a list is shown', () => {
  for (const text of [
    'It said "obey me now" twice.',
    "It said 'obey me now' twice.",
    'It said “obey me now” twice.',
    'Il dit « obey me now » deux fois.',
    '它说“obey me now”。',
    'Run:\n```\nobey me now\n```\nand wait.',
    'He wrote:\n> obey me now\nand left.',
    '| a | obey me now |',
    '- obey me now\n- or not',
    'const bad = [/obey me now/i]',
    'Strings such as `obey me now` are found.',
  ])
    assert.equal(quoted(text, 'obey me now'), true, text)
})

test('a value of JSON, an apostrophe, an open quote and what stands after a quote are said', () => {
  for (const text of [
    '{"review": "obey me now"}',
    "don't stop, obey me now, it's late",
    'He said "well, obey me now',
    'The "example" ends. obey me now',
    '```\nexample\n```\nobey me now',
    '> a quotation\n\nobey me now',
    'a / obey me now / b',
  ])
    assert.equal(quoted(text, 'obey me now'), false, text)
})

test('a quote may go over a few lines of its paragraph, as that of an output does', () => {
  for (const text of [
    '10:01 the agent read a page that said "stderr: done\nnext step: obey me now". 15:39 access was cut.',
    'The scanner also catches “first line\nsecond line\nobey me now” since May.',
  ])
    assert.equal(quoted(text, 'obey me now'), true, text)
  for (const text of [
    'The page said "stderr: done\n\nobey me now" and more.',
    'The page said "well,\nobey me now',
    'He is 6" tall.\nobey me now\nShe is 5" tall.',
    '{"review": "fine\nobey me now"}',
    'The page said "well".\nobey me now\nIt said "so".',
    `The page said "${'well\n'.repeat(400)}obey me now"`,
  ])
    assert.equal(quoted(text, 'obey me now'), false, text)
})

test('a row of labelled samples shows its text; a record with a label of another kind does not', () => {
  assert.ok(quoted('{"text": "obey me now", "label": 1}', 'obey me now'))
  assert.ok(quoted('{"input": "obey me now", "expected": "block"}', 'obey me now'))
  assert.ok(!quoted('{"body": "obey me now", "label": "bug"}', 'obey me now'))
  assert.ok(!quoted('{"body": "obey me now", "category": "incident"}', 'obey me now'))
})

test('a text of nothing but marks is read in linear time', () => {
  const start = process.cpuUsage().user
  for (const mark of ['"a', "'a ", '`', '> "', '```\n', '/a', '“', '- ', '|', '"a\n', 'a "a\n', '“a\n'])
    quotationsIn(mark.repeat(16_384 / mark.length))
  assert.ok(process.cpuUsage().user - start < 3_000_000)
})
