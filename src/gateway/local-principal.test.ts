import assert from 'node:assert/strict'
import { userInfo } from 'node:os'
import test from 'node:test'
import { localPrincipal } from './local-principal.ts'

test('a local client acts for the user of this machine', () => {
  assert.equal(localPrincipal(), userInfo().username)
})
