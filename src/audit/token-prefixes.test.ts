import assert from 'node:assert/strict'
import test from 'node:test'
import { prefixedTokens } from './token-prefixes.ts'

function found(text: string): string[] {
  return [...prefixedTokens(text)].map(({ from, to, kind }) => `${kind}: ${text.slice(from, to)}`)
}

test('a token is told by its prefix, also in the middle of other text', () => {
  const body = 'a1B2c3D4e5F6g7H8i9J0'
  assert.deepEqual(found(`x%3Dghp_${body}&y`), [`github token: ghp_${body}`])
  assert.deepEqual(found(`(sk-ant-${body})`), [`anthropic key: sk-ant-${body}`])
  assert.deepEqual(found(`npm_${body} sk_live_${body}`), [`npm token: npm_${body}`, `stripe key: sk_live_${body}`])
})

test('words that only begin alike are no tokens', () => {
  assert.deepEqual(found('task-runner-configuration-file ghp_short npm_config_registry AKIA eyJ'), [])
})
