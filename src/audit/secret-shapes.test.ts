import assert from 'node:assert/strict'
import test from 'node:test'
import { secretSpans } from './secret-shapes.ts'

function found(text: string): string[] {
  return secretSpans(text).map(({ from, to, kind }) => `${kind}: ${text.slice(from, to)}`)
}

test('a span covers the credential and not the words around it', () => {
  assert.deepEqual(found('set DB_PASSWORD=hunter2; next'), ['named secret: hunter2;'])
  assert.deepEqual(found('?access_token=abcdefgh&page=2'), ['named secret: abcdefgh'])
  assert.deepEqual(found('curl -u bob:hunter2 https://x.test'), ['login: bob:hunter2'])
  assert.deepEqual(found('{"password":"a\\"b","user":"bob"}'), ['named secret: a\\"b'])
  assert.ok(found('redis://:p@ss@cache:6379/0').includes('url login: :p@ss'))
})

test('plain text, paths, digests and identifiers are not spans', () => {
  const texts = [
    'the weather is fine',
    '/usr/local/lib/node_modules/some-package/dist/index.js',
    'task-runner-configuration',
  ]
  texts.push(
    'https://host.test:8080/a@b',
    'd41d8cd98f00b204e9800998ecf8427e',
    '2026-11-22T17:12:20Z',
    '1763831540123456',
  )
  for (const text of texts) assert.deepEqual(found(text), [], text)
})

test('a digest right behind a word that announces a credential is one', () => {
  assert.equal(found('signing key d41d8cd98f00b204e9800998ecf8427e').length > 0, true)
})
