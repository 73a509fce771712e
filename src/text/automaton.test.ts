import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { automatonOf } from './automaton.ts'

function hitsIn(text: string, literals: readonly string[], isLoose = false): string[] {
  const automaton = automatonOf(literals.map((literal, id) => ({ text: literal, id })))
  return inThrees(automaton.scan(text, { isLoose })).map(
    ([id = 0, from, to]) => `${literals[id]}:${text.slice(from, to)}`,
  )
}

function inThrees(numbers: readonly number[]): number[][] {
  return Array.from({ length: numbers.length / 3 }, (_, i) => numbers.slice(i * 3, i * 3 + 3))
}

test('literals are found whatever the case, the accents, the width and the white space', () => {
  const literals = ['ignore all', 'précédent*', 'игнорируй', '忽略']
  assert.deepEqual(hitsIn('IGNORE \n\t all', literals), ['ignore all:IGNORE \n\t all'])
  assert.deepEqual(hitsIn('instructions PRECEDENTES', literals), ['précédent*:PRECEDENT'])
  assert.deepEqual(hitsIn('ｉｇｎｏｒｅ＿all', literals), [])
  assert.deepEqual(hitsIn('ｉｇｎｏｒｅ all, ignore_all', literals), [
    'ignore all:ｉｇｎｏｒｅ all',
    'ignore all:ignore_all',
  ])
  assert.deepEqual(hitsIn('ИГНОРИРУЙ 请忽略它', literals), ['игнорируй:ИГНОРИРУЙ', '忽略:忽略'])
})

test('a word is not found inside another, an open end is, and a loose scan finds both', () => {
  assert.deepEqual(hitsIn('signore, ignored', ['ignore']), [])
  assert.deepEqual(hitsIn('signore, ignored', ['ignore*']), ['ignore*:ignore'])
  assert.deepEqual(hitsIn('pleaseignoreall', ['ignore'], true), ['ignore:ignore'])
})

test('overlapping and nested literals are all found', () => {
  assert.deepEqual(hitsIn('the system prompt now', ['system prompt', 'prompt', 'prompt now', 'system']), [
    'system:system',
    'system prompt:system prompt',
    'prompt:prompt',
    'prompt now:prompt now',
  ])
})

test('a literal that begins with a gap is found behind one, and begins at the last of it', () => {
  assert.deepEqual(hitsIn('powershell  -enc x', ['-enc']), ['-enc:-enc'])
  assert.deepEqual(hitsIn('encrypt, enc, (enc)', ['-enc']), ['-enc: enc'])
  assert.throws(() => automatonOf([{ text: 'enc-', id: 0 }]), /ends with no gap/u)
})

test('it finds, in the order of the ends, exactly what searching each literal by itself finds', () => {
  const unit = fc.constantFrom('a', 'b', 'ab', 'é', '<', ' ', '-', '忽', 'Ω')
  const word = fc.string({ unit, minLength: 1, maxLength: 6 })
  const literal = fc
    .tuple(word, fc.constantFrom('', '*'))
    .map(([text, end]) => `${text.trim().replaceAll(/[ -]+/gu, ' ').trim()}${end}`)
    .filter(text => text !== '' && text !== '*')
  const texts = fc.array(fc.oneof(word, fc.constantFrom('  ', '\n', '1', '. ')), { maxLength: 12 })
  fc.assert(
    fc.property(fc.uniqueArray(literal, { maxLength: 6 }), texts, fc.boolean(), (literals, words, isLoose) => {
      const text = words.join('')
      const automaton = automatonOf(literals.map((each, id) => ({ text: each, id })))
      const found = inThrees(automaton.scan(text, { isLoose })).map(([id, from, to]) => `${to} ${from} ${id}`)
      const expected = literals.flatMap((each, id) =>
        searched(text, each, isLoose).map(([f, t]) => [t, f, -id] as const),
      )
      expected.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
      assert.deepEqual(
        found,
        expected.map(([to, from, id]) => `${to} ${from} ${-id}`),
      )
    }),
    { numRuns: 1000 },
  )
})

/** Every place of one literal, by trying it at each; gaps are of any length, letters are folded. */
function searched(text: string, literal: string, isLoose: boolean): [number, number][] {
  const isOpen = literal.endsWith('*')
  const bare = literal.replace(/\*$/u, '')
  const isFree = isLoose && bare.length >= 5
  const isGap = (at: number) => /[ \n-]/u.test(text[at] ?? 'x')
  const isLetter = (at: number) => /[abéΩ]/u.test(text[at] ?? '1')
  const spans: [number, number][] = []
  for (let from = 0; from < text.length; from++) {
    let at: number | undefined = from
    for (const wanted of bare) {
      if (wanted === ' ' ? !isGap(at) : folded(text[at]) !== folded(wanted)) at = undefined
      if (at === undefined) break
      at++
      while (wanted === ' ' && isGap(at)) at++
    }
    if (at === undefined || (!isFree && isLetter(from) && isLetter(from - 1))) continue
    if (isOpen || isFree || at === text.length || !isLetter(at - 1) || !isLetter(at)) spans.push([from, at])
  }
  return spans
}

function folded(character: string | undefined): string | undefined {
  return character === 'é' ? 'e' : character?.toLowerCase()
}

test('time grows with the text, not with the literals it almost holds', () => {
  const literals = Array.from({ length: 50 }, (_, i) => `${'a'.repeat(i + 5)}b`)
  const automaton = automatonOf(literals.map((text, id) => ({ text, id })))
  const time = (units: number) => {
    const text = 'a'.repeat(units)
    const start = cpuMs()
    automaton.scan(text)
    return cpuMs() - start
  }
  time(200_000)
  assert.ok(time(2_000_000) < 2000)
})
