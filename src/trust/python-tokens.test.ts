import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { pythonTokens } from './python-tokens.ts'
import { unknownPart } from './source-constant.ts'

function wordsOf(source: string): string[] {
  const read = pythonTokens(source)
  assert.ok(read.ok, JSON.stringify(read))
  return read.tokens
    .filter(({ kind }) => kind !== 'line')
    .map(({ kind, text }) => (kind === 'text' ? `'${text}'` : text))
}

test('comments go, texts are decoded, and code that looks like a comment or a text is told apart', () => {
  for (const [source, words] of [
    ['import os # import socket', ['import', 'os']],
    ["x = '# no comment'", ['x', '=', "'# no comment'"]],
    ['"""import socket\n"""\nos.getpid()', ["'import socket\n'", 'os', '.', 'getpid', '(', ')']],
    ["'it\\'s' \"a\\x62c\\u0064\\145\"", ["'it's'", "'abcde'"]],
    ["r'\\x62' b'\\x63' Rb'\\n'", ["'\\x62'", "'c'", "'\\n'"]],
    ["'a' \\\n 'b'", ["'a'", "'b'"]],
    ["'''a\n'b'\n'''", ["'a\n'b'\n'"]],
    ['1_000.5e3 0xFF .5 1.real', ['1000.5e3', '0xFF', '.5', '1.', 'real']],
    ['ｅｘｅｃ(𝓍)', ['exec', '(', 'x', ')']],
    ["café = 'x'", ['café', '=', "'x'"]],
    ["bar'x'", ['bar', "'x'"]],
  ] as const)
    assert.deepEqual(wordsOf(source), words, source)
})

test('what stands in the braces of a formatted text is read as code', () => {
  assert.deepEqual(wordsOf("f'a{os.system(cmd)}b{{c}}'"), [
    `'a${unknownPart}b{c}'`,
    ...['(', 'os', '.', 'system', '(', 'cmd', ')', ')'],
  ])
  assert.ok(wordsOf('f"{f\'{eval(x)}\'}"').includes('eval'))
  assert.ok(wordsOf('rf"""{exec(x)!r:>{width}}"""').includes('exec'))
})

test('quotes inside the braces hide nothing that stands behind them', () => {
  for (const source of [
    `x = f"{'"'}" + '"""'\nos.system(cmd)\ny = '"""'`,
    `x = f"{d["k"]}"\nos.system(cmd)`,
    `x = f"{v:'>10}"\nos.system(cmd)`,
    `x = f"{v:{w}'}"; os.system(cmd)`,
    `x = f'''{"\\n".join(a)} {"'''"}'''\nos.system(cmd)`,
    `x = f"{f"{f"{1}"}"}"; os.system(cmd)`,
    `x = f"\\N{BULLET}{y}"; os.system(cmd)`,
    `x = rf"\\{y}"; os.system(cmd)`,
    `x = f"{ {'a': 1}['a'] }{{'"; os.system(cmd)`,
  ])
    assert.ok(wordsOf(source).join(' ').includes('os . system ( cmd )'), source)
})

test('lines are counted through texts and continued lines', () => {
  const read = pythonTokens('a\n"""\n\n"""\nb \\\n c')
  assert.ok(read.ok)
  assert.deepEqual(
    read.tokens.filter(({ kind }) => kind === 'name').map(({ line }) => line),
    [1, 5, 6],
  )
})

test('a text without an end is refused with its line', () => {
  for (const source of ["x = 1\n'abc", '"""abc', "'a\nb'"]) assert.equal(pythonTokens(source).ok, false, source)
})

test('any source is read to its end or refused, in time that grows with its length', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), source => {
      pythonTokens(source)
    }),
  )
  const cost = (count: number) => {
    const text = `x = f'${'{'.repeat(count)}' + "${'\\x41'.repeat(count)}"\n${'('.repeat(count)}`
    const before = process.cpuUsage()
    pythonTokens(text)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  cost(10_000)
  assert.ok(cost(100_000) < 2000)
})
