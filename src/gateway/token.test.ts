import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { Principal } from '../core/brand.ts'
import { digestOf, localToken, tokenCheck } from './token.ts'

const owner = { principal: 'ann' as Principal, role: 'default' }
const check = tokenCheck([{ ...owner, sha256: digestOf('spt_0123456789abcdef') }])

test('the right token names its owner', () => {
  assert.deepEqual(check('Bearer spt_0123456789abcdef'), owner)
})

test('no token, a wrong one, another scheme or a padded one are nobody', () => {
  for (const header of [
    undefined,
    '',
    'Bearer ',
    'Bearer spt_0123456789abcdeF',
    'Basic spt_0123456789abcdef',
    'Bearer  spt_0123456789abcdef',
  ])
    assert.equal(check(header), undefined)
})

test('the empty token is nobody even where its digest is known', () => {
  assert.equal(tokenCheck([{ ...owner, sha256: digestOf('') }])('Bearer '), undefined)
})

test('the local token is made once and readable for its user alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'token-'))
  const path = join(folder, 'deep', 'token')
  const first = localToken(path)
  assert.equal(localToken(path), first)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  rmSync(folder, { recursive: true })
})
