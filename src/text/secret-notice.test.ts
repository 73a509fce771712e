import assert from 'node:assert/strict'
import test from 'node:test'
import { cutNotice } from './secret-notice.ts'
import { secretsIn } from './secret-scan.ts'

test('the end of a long random value is shown, of a password nothing', () => {
  assert.equal(
    cutNotice('github-token', `ghp_${'q7Lm2XzR9b'.repeat(3)}`, true),
    '[redacted: github token, 34 chars, …zR9b]',
  )
  assert.equal(cutNotice('password', 'hunter2hunter2hunter2', false), '[redacted: password, 21 chars]')
  assert.equal(cutNotice('named-key', 'short1234', true), '[redacted: named key, 9 chars]')
})

test('a notice is itself no credential, whatever name stands before it', () => {
  assert.deepEqual(secretsIn(`password="${cutNotice('password', 'hunter2hunter2hunter2', false)}"`), [])
})
