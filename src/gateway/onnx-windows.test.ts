import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { windowsMax, windowsOf } from './onnx-windows.ts'

/** One token for each UTF-16 unit, so that a test sees which characters a window holds. */
const units = {
  idsOf: (piece: string) => [...Array(piece.length).keys()].map(at => piece.charCodeAt(at)),
  before: [-1],
  after: [-2],
}

test('windows hold a text whole and in order, each between the marks, none longer than it may be', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 900 }), fc.integer({ min: 8, max: 64 }), (text, size) => {
      const { windows, left } = windowsOf(text, units, size)
      let seen = ''
      for (const { ids } of windows) {
        assert.ok(ids.length <= size && ids.at(0) === -1 && ids.at(-1) === -2)
        const body = ids
          .slice(1, -1)
          .map(code => String.fromCharCode(code))
          .join('')
        const overlap = windows[0]?.ids === ids ? 0 : (size - 2) >> 2
        assert.equal(body.slice(0, overlap), seen.slice(seen.length - overlap))
        seen += body.slice(overlap)
      }
      assert.equal(seen.length, text.length - left)
      assert.ok(text.startsWith(seen))
    }),
  )
})

test('the part of the text that a window stands for holds all that the window holds, and little more', () => {
  const text = 'word '.repeat(2000)
  const { windows } = windowsOf(text, units, 400)
  for (const { ids, span } of windows) {
    const body = ids
      .slice(1, -1)
      .map(code => String.fromCharCode(code))
      .join('')
    assert.ok(text.slice(...span).includes(body))
    assert.ok(span[1] - span[0] <= body.length + 2 * 96)
  }
  assert.equal(windows.at(-1)?.span[1], text.length)
})

test('more windows than the bound are not made, and what they would have held is counted', () => {
  const { windows, left } = windowsOf('x'.repeat(100_000), units, 64)
  assert.ok(windows.length <= windowsMax && windows.length > windowsMax - 4)
  assert.equal(left, 100_000 - (windows.at(-1)?.span[1] ?? 0))
  assert.ok(left > 90_000)
})

test('no piece is cut inside a character, and a piece of very many tokens is left and said to be', () => {
  const pieces: string[] = []
  const noting = { ...units, idsOf: (piece: string) => [pieces.push(piece)] }
  windowsOf('😀'.repeat(500), noting, 16)
  assert.ok(pieces.every(piece => piece.isWellFormed()))
  assert.equal(pieces.join(''), '😀'.repeat(500))
  const swollen = windowsOf('ab '.repeat(100), { ...units, idsOf: () => Array<number>(9000).fill(1) }, 64)
  assert.deepEqual([swollen.windows.length, swollen.left], [0, 300])
})

test('an empty text has no windows', () => {
  assert.deepEqual(windowsOf('', units, 16), { windows: [], left: 0 })
})
