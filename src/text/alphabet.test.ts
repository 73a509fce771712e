import assert from 'node:assert/strict'
import test from 'node:test'
import { foldedUnit, isGap, isLetter } from './alphabet.ts'

const fold = (text: string) => String.fromCharCode(...[...text].map(unit => foldedUnit(unit.charCodeAt(0))))

test('case, accents and width fold away, scripts stay', () => {
  assert.equal(fold('ÀéÖñŻąĞşЁЩΆａＺ'), 'aeonzagsещαaz')
  assert.equal(fold('中ガ한ا'), '中ガ한ا')
})

test('letters that stand in words, and what stands between words', () => {
  for (const unit of 'azÉяωही') assert.ok(isLetter(unit.charCodeAt(0)), unit)
  for (const unit of '1.中あ한ا×') assert.ok(!isLetter(unit.charCodeAt(0)), unit)
  for (const unit of ' \n_-\u00a0') assert.ok(isGap(unit.charCodeAt(0)))
})

test('no letter of a script that writes words apart stands where the features do not look for one', () => {
  for (let code = 0x2000; code < 0xac00; code++) assert.equal(isLetter(code), false, code.toString(16))
  for (let code = 0xd7b0; code < 0x10000; code++) assert.equal(isLetter(code), false, code.toString(16))
})
