import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { cpuMs } from '../../test/cpu-time.ts'
import { automatonOf } from './automaton.ts'

function hitsIn(text: string, literals: readonly string[], isLoose = false): string[] {
  const found: string[] = []
  const automaton = automatonOf(literals.map((literal, id) => ({ text: literal, id })))
  automaton.scan(text, (id, from, to) => found.push(`${literals[id]}:${text.slice(from, to)}`), isLoose)
  return found
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

test('the machine finds exactly what searching each literal by itself finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'ab', 'é', '<', ' '), minLength: 1, maxLength: 5 })
  const literal = word.map(text => text.trim().replaceAll(/ +/gu, ' ')).filter(text => text !== '')
  fc.assert(
    fc.property(fc.uniqueArray(literal, { minLength: 1, maxLength: 6 }), fc.array(word), (literals, words) => {
      const text = words.join(' ').replaceAll(/ +/gu, ' ')
      const found = new Set<string>()
      const automaton = automatonOf(literals.map((each, id) => ({ text: each, id })))
      automaton.scan(text, (id, from, to) => found.add(`${id}:${from}:${to}`), true)
      const bare = (t: string) => t.replaceAll('é', 'e')
      const expected = new Set<string>()
      for (const [id, each] of literals.entries())
        for (let at = bare(text).indexOf(bare(each)); at >= 0; at = bare(text).indexOf(bare(each), at + 1)) {
          const end = at + each.length
          const isFree = each.length >= 5
          const inWord = (i: number) => /[abe]/u.test(bare(text)[i] ?? '')
          if (!isFree && inWord(at) && inWord(at - 1)) continue
          if (!isFree && inWord(end - 1) && inWord(end)) continue
          expected.add(`${id}:${at}:${end}`)
        }
      assert.deepEqual([...found].sort(), [...expected].sort())
    }),
  )
})

test('time grows with the text, not with the literals it almost holds', () => {
  const literals = Array.from({ length: 50 }, (_, i) => `${'a'.repeat(i + 5)}b`)
  const automaton = automatonOf(literals.map((text, id) => ({ text, id })))
  const time = (units: number) => {
    const text = 'a'.repeat(units)
    const start = cpuMs()
    automaton.scan(text, () => {})
    return cpuMs() - start
  }
  time(200_000)
  assert.ok(time(2_000_000) < 2000)
})
