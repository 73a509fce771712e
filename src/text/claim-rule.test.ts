import assert from 'node:assert/strict'
import test from 'node:test'
import { near, words } from './claim-rule.ts'

test('near ends with the sentence and with the gap', () => {
  const pattern = words(near('call', 10, 'again'))
  assert.ok(pattern.test('call it again'))
  assert.ok(!pattern.test('call it. again'))
  assert.ok(!pattern.test('call what has been made of it again'))
})
