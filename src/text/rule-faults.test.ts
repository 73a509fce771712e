import assert from 'node:assert/strict'
import test from 'node:test'
import { injectionModel } from './injection-model.ts'
import { rules } from './match.ts'
import { textRuleFaults } from './rule-faults.ts'
import { literals } from './rules/lexicon.ts'

const whole = { rules, words: literals(), models: () => [injectionModel()] }

test('what ships is whole', () => assert.deepEqual(textRuleFaults(), []))

test('no rules, a rule without orders and a rule without words are each told', () => {
  assert.match(String(textRuleFaults({ ...whole, rules: [] })), /no rules/u)
  const [first] = rules
  assert.ok(first)
  assert.match(String(textRuleFaults({ ...whole, rules: [{ ...first, orders: [] }] })), new RegExp(first.id, 'u'))
  assert.match(String(textRuleFaults({ ...whole, words: [] })), /no words for/u)
})

test('a model that cannot be read or has forgotten everything is told', () => {
  const broken = () => {
    throw new Error('too short')
  }
  assert.match(String(textRuleFaults({ ...whole, models: broken })), /cannot read its model: too short/u)
  const blank = () => [{ weights: new Int8Array(8), scale: 1, bias: 0 }]
  assert.match(String(textRuleFaults({ ...whole, models: blank })), /without weights/u)
})
