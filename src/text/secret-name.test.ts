import assert from 'node:assert/strict'
import test from 'node:test'
import { isSecretHeader, isSecretKey } from './secret-name.ts'

test('a credential is recognised by its name in any spelling', () => {
  const names = ['password', 'PASSWORD', 'db_password', 'dbPassword', 'X-Api-Key', 'apiKey', 'API_KEY', 'api.key']
  names.push('GITHUB_TOKEN', 'accessToken', 'client_secret', 'aws_secret_access_key', 'AccountKey', 'Set-Cookie')
  names.push(
    'authorization',
    'private-key',
    'ＰＡＳＳＷＯＲＤ',
    'pass\u200bword',
    'password_2',
    'jwt',
    'cvv',
    'api_key_v2',
  )
  names.push('connectionString', `${'x'.repeat(200)}_token`, 'secrets', 'refresh_token_value', 'mcp-session-id')
  for (const name of names) assert.equal(isSecretKey(name), true, name)
})

test('names that only look like one are left alone', () => {
  const names = ['path', 'query', 'progressToken', 'nextPageToken', 'max_tokens', 'author', 'key', 'compass', 'passage']
  names.push('public_key', 'secretary', 'tokenizer', 'id', '', 'p', 'monkey', 'sha256', 'assignment', 'token_count')
  for (const name of names) assert.equal(isSecretKey(name), false, name)
})

test('headers whose whole line is a credential are told from others', () => {
  assert.equal(isSecretHeader('Proxy-Authorization'), true)
  assert.equal(isSecretHeader('Content-Type'), false)
})
