import assert from 'node:assert/strict'
import test from 'node:test'
import { runsOf } from './invisible.ts'
import { isHonest, isLetter, isReordering, unclosed } from './invisible-honest.ts'

const odd = (text: string, isRightToLeft = false) =>
  runsOf(text)
    .runs.flatMap(run => run.filter(spot => !isHonest(spot, run, isRightToLeft)))
    .map(({ code }) => code.toString(16))

test('a joiner between pictures or inside a script that joins is honest, between Latin letters it is not', () => {
  assert.deepEqual(odd('👩\u200d💻 ❤️\u200d🔥 👩🏽\u200d🚀'), [])
  assert.deepEqual(odd('می\u200cخواهم'), [])
  assert.deepEqual(odd('a\u200db c\u200cd'), ['200d', '200c'])
  assert.deepEqual(odd('👩\u200dx'), ['200d'])
  assert.deepEqual(odd('می\u200c\u200dخواهم'), ['200c', '200d'])
})

test('a selector belongs to what it can select for', () => {
  assert.deepEqual(odd('❤\ufe0f 1\ufe0f\u20e3 ☎\ufe0e 葛\u{e0100} ∩\ufe00'), [])
  assert.deepEqual(odd('a\ufe0f b\u{e0100} 😀\u{e0100} 葛\u{e0100}\u{e0101}'), [
    'fe0f',
    'e0100',
    'e0100',
    'e0100',
    'e0101',
  ])
})

test('a flag is honest only if there is such a region', () => {
  const flag = (letters: string) =>
    `🏴${[...letters].map(c => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}\u{e007f}`
  assert.deepEqual(odd(flag('gbeng') + flag('usca') + flag('cabc')), [])
  for (const letters of ['ignor', 'gbxyz', '', 'us', 'gbengx']) assert.ok(odd(flag(letters)).length > 0, letters)
})

test('direction marks are honest beside letters that run from right to left; overrides never are', () => {
  assert.deepEqual(odd('\u200f\u202b\u202c', true), [])
  assert.deepEqual(odd('\u200f\u202b', false), ['200f', '202b'])
  for (const isRightToLeft of [true, false]) assert.deepEqual(odd('a\u202eb\u202dc', isRightToLeft), ['202e', '202d'])
})

test('a byte order mark is honest once, at the start', () => {
  assert.deepEqual(odd('\ufeffa\ufeffb'), ['feff'])
})

test('an embedding that is never closed is found', () => {
  assert.equal(unclosed(runsOf('שלום \u2067admin\u2069').runs, true).length, 0)
  assert.equal(unclosed(runsOf('שלום \u2067admin').runs, true).length, 1)
  assert.equal(unclosed(runsOf('\u2067admin').runs, false).length, 0)
})

test('overrides reorder everywhere, right-to-left isolates only in text that runs from left to right', () => {
  const [[spot] = []] = runsOf('a\u2067b').runs
  const [[override] = []] = runsOf('a\u202eb').runs
  assert.ok(spot && override)
  assert.deepEqual([isReordering(spot, false), isReordering(spot, true)], [true, false])
  assert.deepEqual([isReordering(override, false), isReordering(override, true)], [true, true])
})

test('letters and marks are letters, digits and signs are not', () => {
  assert.deepEqual([0x61, 0x301, 0x31, 0x20, 0].map(isLetter), [true, true, false, false, false])
})
