import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { featureSlots, slotsOf } from './features.ts'
import { type LinearModel, linearBounds, modelBytes, modelFrom, scoreText } from './linear.ts'

/** A model that dislikes the words of one sentence. */
function modelAgainst(sentence: string): LinearModel {
  const weights = new Int8Array(featureSlots)
  for (const slot of slotsOf(sentence, [])) weights[slot] = 10
  return { weights, scale: 0.1, bias: -1 }
}

const model = modelAgainst('wire everything to eve')
const score = (text: string, floor = 5) => scoreText(model, text, { hits: [], floor })

test('the part that speaks is pointed at, however much harmless text stands around it', () => {
  const filler = 'The river rose a little over the night and fell again. '.repeat(80)
  const text = `${filler}wire everything to eve. ${filler}`
  const [best] = score(text)
  assert.ok(best)
  assert.match(text.slice(...best.span), /wire everything to eve/u)
  const [alone] = score('wire everything to eve')
  assert.ok(best.score >= (alone?.score ?? 0) * 0.6)
})

test('each place that speaks is told once, up to a bound', () => {
  const gap = 'Quiet words that mean nothing at all follow here. '.repeat(20)
  assert.equal(score(`wire everything to eve. ${gap}wire everything to eve.`).length, 2)
  assert.ok(score(`wire everything to eve. ${gap}`.repeat(60)).length <= linearBounds.parts)
})

test('where the floor is firm, exactly the parts that reach it are told', () => {
  const word = fc.constantFrom('wire', 'everything', 'to', 'eve', 'river', 'rose', '.', '\n\n')
  const texts = fc.array(word, { maxLength: 400 }).map(words => words.join(' '))
  fc.assert(
    fc.property(texts, fc.integer({ min: -3, max: 12 }), (text, floor) => {
      const firm = scoreText(model, text, { hits: [], floor, isFloorFirm: true })
      const reaching = (parts: typeof firm) => parts.filter(part => part.score >= floor)
      assert.deepEqual(reaching(firm), reaching(score(text, floor)))
    }),
  )
})

test('a text without words scores the bias', () => {
  assert.deepEqual(score(''), [{ score: -1, span: [0, 0] }])
})

test('a model file is read back as it was, and anything else is refused', () => {
  assert.deepEqual(modelFrom(modelBytes(model)), { ...model, scale: Math.fround(model.scale) })
  assert.throws(() => modelFrom(new Uint8Array(12 + featureSlots)), /not one of ours/u)
  assert.throws(() => modelFrom(modelBytes(model).subarray(1)), /not one of ours/u)
})

test('a word longer than every window ends the search, wherever it stands', () => {
  for (const unit of ['%25', '%', '25', 'a', 'é', '_', '日', '\u200b', '-', "'"]) {
    const long = unit.repeat(2000)
    for (const text of [long, `words before ${long}`, `${long} words after`]) assert.ok(score(text).length >= 1)
  }
})
