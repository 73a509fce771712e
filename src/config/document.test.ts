import assert from 'node:assert/strict'
import test from 'node:test'
import { stringify } from 'yaml'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { bytesMax, readDocument } from './document.ts'
import { problemLine } from './problem.ts'

function problems(text: string): string[] {
  const read = readDocument(text, 'f.yaml')
  return read.ok ? [] : read.problems.map(problemLine)
}

function value(text: string): unknown {
  const read = readDocument(text, 'f.yaml')
  assert.ok(read.ok, read.ok ? '' : read.problems.map(problemLine).join())
  return read.document.value
}

test('what is read is the data, and every part of it has a place', () => {
  const read = readDocument('a: 1\nb:\n  - x\n  - { c: [true, null] }\n', 'f.yaml')
  assert.ok(read.ok)
  assert.deepEqual(read.document.value, { a: 1, b: ['x', { c: [true, null] }] })
  assert.deepEqual(read.document.placeOf(['b', 1, 'c', 0]), { line: 4, column: 11 })
  assert.deepEqual(read.document.keyPlaceOf(['b', 1], 'c'), { line: 4, column: 7 })
  assert.deepEqual(read.document.placeOf(['b', 7, 'nowhere']), { line: 3, column: 3 })
})

test('JSON is read as it is', () => {
  assert.deepEqual(value('{"version": 1, "servers": {"a": {"command": ["x"]}}}'), {
    version: 1,
    servers: { a: { command: ['x'] } },
  })
})

test('two readings of one text are refused: keys twice, aliases, tags, a second document', () => {
  assert.match(problems('a: 1\nb: 2\na: 3\n')[0] ?? '', /^f\.yaml:3:1: has the key a twice$/u)
  assert.match(problems('a: &x [1]\nb: *x\n')[0] ?? '', /^f\.yaml:2:4: b: is an alias/u)
  assert.match(problems('a: !!js/function "x"\n')[0] ?? '', /has a tag/u)
  assert.match(problems('a: !secret x\n')[0] ?? '', /has a tag/u)
  assert.match(problems('a: 1\n---\nb: 2\n')[0] ?? '', /multiple documents/u)
  assert.match(problems('? [a]\n: 1\n')[0] ?? '', /a key that is not text/u)
  assert.match(problems('1: x\n')[0] ?? '', /a key that is not text/u)
})

test('keys that reach for a prototype are refused or stay plain data', () => {
  assert.match(problems('a:\n  __proto__: { isAdmin: true }\n')[0] ?? '', /^f\.yaml:2:3: a: .*reserved/u)
  const read = value('constructor: { prototype: { isAdmin: true } }\n')
  assert.deepEqual(Object.keys(Object(read)), ['constructor'])
  assert.equal(Reflect.get({}, 'isAdmin'), undefined)
})

test('numbers that cannot be kept are refused', () => {
  for (const number of ['1e400', '.nan', '.inf', '12345678901234567890'])
    assert.match(problems(`a: ${number}\n`)[0] ?? '', /cannot be kept exactly/u)
})

test('a text that is not YAML names the line where reading stopped', () => {
  assert.match(problems('version: 1\nservers: [a\nmode: x\n')[0] ?? '', /^f\.yaml:[34]:\d+: is not YAML/u)
  assert.match(problems('a: 1\n\tb: 2\n')[0] ?? '', /^f\.yaml:2:\d+: /u)
})

// Each of these costs a naive reader seconds, gigabytes or its stack.
const bombs: Readonly<Record<string, string>> = {
  'nested lists': '['.repeat(100_000),
  'nested maps': '{a: '.repeat(30_000),
  'nested block lists': '- '.repeat(60_000),
  'nested keys': '? '.repeat(60_000),
  'many keys': Array.from({ length: 10_000 }, (_, i) => `k${i}: 1`).join('\n'),
  anchors: '&a '.repeat(40_000),
  'an alias bomb': `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*a, *a]`).join('\n')}`,
  'deep blocks': Array.from({ length: 480 }, (_, i) => `${' '.repeat(i)}b:`).join('\n'),
  'open quotes': `a: "${'\\'.repeat(100_000)}`,
  tags: '!'.repeat(100_000),
  'too large': `# ${'x'.repeat(bytesMax)}`,
}

for (const [name, text] of Object.entries(bombs))
  test(`a hostile file is answered in good time: ${name}`, () => {
    const began = cpuMs()
    const read = readDocument(text, 'f.yaml')
    assert.ok(cpuMs() - began < 5000, `${cpuMs() - began} ms`)
    if (name !== 'many keys') assert.equal(read.ok, false)
    if (!read.ok) assert.ok(read.problems.length <= 20)
  })

test('whatever stands in a file, it is read or refused with a place, and never throws', () => {
  const pieces = [
    'a',
    ': ',
    '\n',
    '  ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ',',
    '&x ',
    '*x',
    '!!t ',
    '"',
    "'",
    '|',
    '>',
    '#',
    '?',
  ]
  const text = fc.array(fc.constantFrom(...pieces, '---\n', '\t', '\0', '\ud800', 'é', '1', '<<: '), { maxLength: 40 })
  fc.assert(
    fc.property(text, parts => {
      const read = readDocument(parts.join(''), 'f.yaml')
      if (!read.ok) assert.ok(read.problems.every(({ line, column, text }) => line >= 1 && column >= 1 && text !== ''))
    }),
    { numRuns: 1500 },
  )
})

test('plain data written as YAML is read back as it was', () => {
  const leaf = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constant(null))
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree'), plain),
    ),
  }))
  fc.assert(
    fc.property(tree, data => {
      assert.deepEqual(value(stringify({ data }, { aliasDuplicateObjects: false })), { data })
    }),
    { numRuns: 300 },
  )
})

const plain = { noNullPrototype: true }
const key = fc.string({ unit: fc.constantFrom(...'abc_-'), minLength: 1, maxLength: 5 })
