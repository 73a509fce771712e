import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { claimWordLists } from './claim-needs.generated.ts'
import { isPossible, lookFor } from './claim-needs.ts'
import { claimRules } from './claim-rules.ts'

// What a pattern asks of the text around it is left to chance, and looked at afterwards.
const nested = String.raw`(?:[^()]|\((?:[^()]|\([^()]*\))*\))*`
const besides = new RegExp(String.raw`\\[bB]|\(\?<?[=!]${nested}\)`, 'gu')

function missedIn(text: string): string[] {
  const lower = text.toLowerCase()
  const looked = lookFor(lower)
  return claimRules
    .filter(({ id, all }) => !isPossible(id, looked) && all.every(part => part.test(lower)))
    .map(({ id }) => id)
}

test('no rule is passed over in a sentence that its patterns match', () => {
  const texts = readFileSync('test/detection/descriptions.tsv', 'utf8').split(/\n|(?<=\.) /u)
  for (const text of texts) assert.deepEqual(missedIn(text), [], text)
})

test('no rule is passed over in sentences made of the very words that the rules look for', () => {
  const words = claimWordLists.flatMap(list => list.split('|')).map(word => word.replace('~', ''))
  const sentence = fc
    .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(' ', ' ', '', '.', ': ', ' the ', '-', "'")), {
      minLength: 1,
      maxLength: 8,
    })
    .map(parts => parts.flat().join(''))
  fc.assert(
    fc.property(sentence, text => assert.deepEqual(missedIn(text), [])),
    { numRuns: 400 },
  )
})

test('no rule is passed over in what was made from its own patterns', () => {
  let matched = 0
  for (const rule of claimRules) {
    const parts = rule.all.map(({ sources }) =>
      fc.oneof(...sources.map(source => fc.stringMatching(new RegExp(source.replaceAll(besides, ''), 'u')))),
    )
    for (const made of fc.sample(fc.tuple(...parts), { numRuns: 200 })) {
      const text = ` ${made.join(' ')} `.toLowerCase()
      if (!rule.all.every(part => part.test(text))) continue
      matched++
      assert.equal(isPossible(rule.id, lookFor(text)), true, `${rule.id}: ${JSON.stringify(text)}`)
    }
  }
  assert.ok(matched > 300, `${matched} matched`)
})

test('a plain sentence opens no rule', () => {
  const looked = lookFor('returns the weather of a city in degrees.')
  assert.deepEqual(
    claimRules.filter(({ id }) => isPossible(id, looked)).map(({ id }) => id),
    [],
  )
})
