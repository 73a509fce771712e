import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { asOneLine, lineReader } from './lines.ts'

function read(chunks: readonly Uint8Array[], bytesMax = 1000): { lines: string[]; long: number[] } {
  const seen = { lines: [] as string[], long: [] as number[] }
  const reader = lineReader(bytesMax, {
    line: bytes => seen.lines.push(Buffer.from(bytes).toString()),
    tooLong: head => seen.long.push(head.length),
  })
  for (const chunk of chunks) reader.push(chunk)
  reader.end()
  return seen
}

test('the lines are the same wherever the chunks are cut', () => {
  const text = Buffer.from('{"a":1}\r\n\n{"b":"日本"}\n\r\n{"c":"\u2028"}\r\n{"d":\r4}\nlast')
  const expected = ['{"a":1}', '{"b":"日本"}', '{"c":"\u2028"}', '{"d":\r4}', 'last']
  for (let i = 0; i <= text.length; i++)
    for (let j = i; j <= text.length; j++)
      assert.deepEqual(read([text.subarray(0, i), text.subarray(i, j), text.subarray(j)]).lines, expected, `${i}, ${j}`)
})

test('any text cut into any chunks gives what splitting it at once gives, with a limit too', () => {
  const piece = fc.constantFrom('x', '\n', '\r\n', 'é', 'aaaaaaaa', '\r')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.nat(9), { minLength: 1 }), (pieces, cuts) => {
      const whole = Buffer.from(pieces.join(''))
      const chunks: Buffer[] = []
      for (let at = 0, i = 0; at < whole.length; i++) {
        const size = 1 + (cuts[i % cuts.length] ?? 0)
        chunks.push(whole.subarray(at, at + size))
        at += size
      }
      const seen = read(chunks, 12)
      const all = whole.toString().split('\n')
      const fits = all.filter(line => Buffer.byteLength(line) <= 12)
      assert.deepEqual(
        seen.lines,
        fits.map(line => line.replace(/\r$/u, '')).filter(line => line !== ''),
      )
      assert.equal(seen.long.length, all.length - fits.length)
    }),
  )
})

test('a line beyond the limit is told once, with its head, and the next line is read', () => {
  const seen = read([...Array.from({ length: 50 }, () => Buffer.alloc(100, 120)), Buffer.from('\nnext\n')], 300)
  assert.deepEqual(seen.long.length, 1)
  assert.ok((seen.long[0] ?? 0) > 300)
  assert.deepEqual(seen.lines, ['next'])
})

test('a line that fits in one chunk is not copied', () => {
  const chunk = Buffer.from('one\ntwo\n')
  const reader = lineReader(100, {
    line: bytes => assert.equal(bytes.buffer, chunk.buffer),
    tooLong: () => assert.fail(),
  })
  reader.push(chunk)
})

test('a long line in small chunks is joined once, not at each chunk', t => {
  const joins = t.mock.method(Buffer, 'concat')
  const part = Buffer.alloc(1024, 120)
  const lengths: number[] = []
  const reader = lineReader(1 << 28, { line: ({ length }) => lengths.push(length), tooLong: () => assert.fail() })
  for (let i = 0; i < 4000; i++) reader.push(part)
  reader.end()
  assert.deepEqual(lengths, [4000 * 1024])
  assert.equal(joins.mock.callCount(), 1)
})

test('line breaks between tokens become blanks, everything else stays', () => {
  assert.equal(Buffer.from(asOneLine(Buffer.from('{\r\n"a":1\n}'))).toString(), '{  "a":1 }')
})
