import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { mayHide, runsOf } from './invisible.ts'

const invisible = ['\u00ad', '\u200b', '\u202e', '\ufe0f', '\u{e0041}', '\u{e0100}', '\u{1d173}', '\u3164', '\ufff9']
const text = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...invisible)))
  .map(parts => parts.join(''))

test('the quick test and the walk agree on whether there is anything', () => {
  fc.assert(fc.property(text, t => assert.equal(mayHide(t), runsOf(t).runs.length > 0)))
  for (let code = 0x80; code < 0x110000; code++) {
    if (code === 0xd800) code = 0xe000
    const one = String.fromCodePoint(code)
    if (mayHide(one) !== runsOf(one).runs.length > 0) assert.fail(code.toString(16))
  }
})

test('runs lie in order, apart from each other, and hold exactly their characters', () => {
  fc.assert(
    fc.property(text, t => {
      let done = -1
      for (const run of runsOf(t).runs) {
        assert.ok((run[0]?.from ?? 0) > done)
        for (const [i, { from, to, code }] of run.entries()) {
          assert.equal(t.codePointAt(from), code)
          assert.equal(to - from, code > 0xffff ? 2 : 1)
          if (i > 0) assert.equal(from, run[i - 1]?.to)
          done = to
        }
      }
    }),
  )
})

test('each knows its visible neighbours and how far the last run was', () => {
  const [first, second] = runsOf('ab\u200bc\u200b\u200bd').runs
  assert.deepEqual([first?.[0]?.before, first?.[0]?.after], [98, 99])
  assert.deepEqual(
    second?.map(({ before, gap }) => [before, gap]),
    [
      [99, 1],
      [99, 0],
    ],
  )
})

test('a text without anything beyond ASCII is answered without being read', () => {
  const plain = Buffer.alloc(10_000_000, 'x').toString('latin1')
  const times = Array.from({ length: 7 }, () => {
    const began = cpuMs()
    assert.equal(mayHide(plain), false)
    return cpuMs() - began
  })
  assert.ok(Math.min(...times) < 10, `${times}`)
})
