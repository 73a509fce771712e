import assert from 'node:assert/strict'
import test from 'node:test'
import { kindOf, kinds, latinFor, plainFor } from './code-point.ts'

test('letters and punctuation of every script are plain, whatever hides or imitates is not', () => {
  for (const unit of 'aZ9é日本語한سلامहिन्दीไทย') assert.equal(kindOf(unit.codePointAt(0) ?? 0), kinds.plain, unit)
  for (const code of [0x200b, 0x202e, 0xad, 0xe0041, 0xfe0f, 0x2800, 0x3164])
    assert.equal(kindOf(code), kinds.invisible)
  for (const code of [0xff21, 0xfb01, 0x1d400, 0x1f130, 0x2019]) assert.equal(kindOf(code), kinds.compatible)
  assert.equal(kindOf(0x336), kinds.combining)
  assert.equal(kindOf(0x430), kinds.lookalike)
})

test('an imitation has its Latin letter, a compatible form its plain one', () => {
  assert.equal(latinFor(0x430), 'a')
  assert.equal(latinFor(0x436), undefined)
  assert.equal(plainFor(0xfb01), 'fi')
  assert.equal(plainFor(0x1f1ee), 'I')
  assert.equal(plainFor(0x2019), "'")
})
