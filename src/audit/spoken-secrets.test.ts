import assert from 'node:assert/strict'
import test from 'node:test'
import { spokenSecrets } from './spoken-secrets.ts'

function found(text: string): string[] {
  return [...spokenSecrets(text)].map(({ from, to, kind }) => `${kind}: ${text.slice(from, to)}`)
}

test('what words, flags and elements announce is found', () => {
  assert.deepEqual(found('the token is abc-123'), ['password: abc-123'])
  assert.deepEqual(found('run --api-key abc123 --verbose yes'), ['named secret: abc123'])
  assert.deepEqual(found('curl -u bob:secret1 x'), ['login: bob:secret1'])
  assert.deepEqual(found('<secret>abc</secret>'), ['named secret: abc'])
  assert.deepEqual(found("identified by 'abc'"), ["password: abc'"])
})

test('ordinary sentences, flags and elements are not', () => {
  const texts = [
    'basic knowledge helps',
    'he is a token collector',
    'ls --color always -l',
    '<title>Hello</title>',
    'bearer of news',
  ]
  for (const text of texts) assert.deepEqual(found(text), [], text)
})
