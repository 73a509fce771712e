import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { differences, visible, wordDiff } from './surface-diff.ts'

test('a change deep in a schema is named by its place', () => {
  const before = { name: 'a', inputSchema: { properties: { to: { type: 'string' } } } }
  const after = { name: 'a', inputSchema: { properties: { to: { type: 'string', default: 'eve@example.com' } } } }
  assert.deepEqual(differences(before, after), [{ at: '/inputSchema/properties/to/default', after: 'eve@example.com' }])
})

test('words that came and went stand out of what stayed', () => {
  assert.deepEqual(wordDiff('Reads a file.', 'Reads a secret file.'), [
    { kind: 'same', text: 'Reads a ' },
    { kind: 'added', text: 'secret ' },
    { kind: 'same', text: 'file.' },
  ])
})

test('both texts can be read out of their difference', () => {
  const text = fc.array(fc.constantFrom('a', 'b', ' ', '.', 'cd'), { maxLength: 60 }).map(words => words.join(''))
  const side = (before: string, after: string, other: 'gone' | 'added') =>
    wordDiff(before, after)
      .filter(({ kind }) => kind !== other)
      .map(stretch => stretch.text)
      .join('')
  fc.assert(fc.property(text, text, (a, b) => side(a, b, 'added') === a && side(a, b, 'gone') === b))
})

test('two long texts are compared in bounded time', () => {
  const words = (first: number) => Array.from({ length: 50_000 }, (_, i) => `w${first + i}`).join(' ')
  const started = cpuMs()
  assert.ok(wordDiff(words(0), words(7)).length > 1)
  assert.ok(cpuMs() - started < 2000)
})

test('what cannot be seen is written out, and so is a foreign letter in a Latin word', () => {
  assert.equal(visible('a\u200bb\u202ec\u{e0041}'), 'a⟨U+200B⟩b⟨U+202E⟩c⟨U+E0041⟩')
  assert.equal(visible('r\u0435ad'), 'r⟨U+0435 \u0435⟩ad')
  assert.equal(visible('\u001b[31mred'), '⟨U+001B⟩[31mred')
  assert.equal(visible('читай файл и Größe'), 'читай файл и Größe')
})
