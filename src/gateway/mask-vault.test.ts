import assert from 'node:assert/strict'
import test from 'node:test'
import type { SessionId } from '../core/brand.ts'
import { maskBounds, newMaskVault, placeholderPattern } from './mask-vault.ts'

const [s1, s2] = ['s1' as SessionId, 's2' as SessionId]
const value = { rule: 'secrets/github-token', text: 'ghp_abc' }

test('a value has the same placeholder each time in its session, and another in every other', () => {
  const vault = newMaskVault(Buffer.alloc(32, 1))
  const first = vault.mask(s1, value, 0)
  assert.equal(vault.mask(s1, value, 1), first)
  assert.match(first ?? '', new RegExp(`^${placeholderPattern.source}$`, 'u'))
  assert.ok(!first?.includes('ghp'))
  assert.notEqual(vault.mask(s2, value, 1), first)
  assert.notEqual(newMaskVault(Buffer.alloc(32, 2)).mask(s1, value, 0), first, 'a key decides')
})

test('a placeholder is worth nothing in another session, after its time, or with one character changed', () => {
  const vault = newMaskVault(Buffer.alloc(32, 1))
  const mine = vault.mask(s1, value, 0) ?? ''
  assert.deepEqual(vault.reveal(s1, mine, 1), value)
  assert.equal(vault.reveal(s2, mine, 1), undefined)
  assert.equal(vault.reveal(s1, `${mine.slice(0, -1)}${mine.endsWith('A') ? 'B' : 'A'}`, 1), undefined)
  assert.equal(vault.reveal(s1, mine, maskBounds.lifeMs + 2), undefined)
})

test('values are bounded by session, in all and in length; what was used last stays', () => {
  const bounds = { perSession: 3, values: 4, oneChars: 10, chars: 1000, lifeMs: 1000 }
  const vault = newMaskVault(Buffer.alloc(32, 1), bounds)
  const put = (session: SessionId, text: string) => vault.mask(session, { rule: 'pii/card', text }, 0) ?? ''
  const all = ['a', 'b', 'c'].map(text => put(s1, text))
  assert.ok(vault.reveal(s1, all[0] ?? '', 1))
  all.push(put(s1, 'd'))
  assert.deepEqual(
    all.map(one => vault.reveal(s1, one, 2)?.text),
    ['a', undefined, 'c', 'd'],
  )
  put(s2, 'e')
  put(s2, 'f')
  assert.equal(vault.reveal(s1, all[0] ?? '', 3), undefined)
  assert.equal(vault.mask(s1, { rule: 'r/x', text: 'x'.repeat(11) }, 3), undefined)
})
