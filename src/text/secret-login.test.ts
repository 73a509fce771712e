import assert from 'node:assert/strict'
import test from 'node:test'
import { secretsIn } from './secret-scan.ts'

// Made up; put together here so that no scanner of this repository takes them for real.
const body = 'q7Lm2XzR9bTk4VnW8cYd'

function found(text: string): string[] {
  return secretsIn(text).map(({ from, to }) => text.slice(from, to))
}

test('the password of a file of logins and of a command that gets one is found, and no other word beside a login', () => {
  assert.deepEqual(found(`machine api.host.net login ann password ${body}`), [body])
  assert.deepEqual(found(`machine api.host.net\n  login ann\n  password ${body}\n`), [body])
  assert.deepEqual(found(`curl -s -u ann:${body} https://api.host.net/x`), [body])
  for (const text of [
    'enter your login and password below',
    'machine a login b password changeme',
    'curl -u user:password https://api.host.net',
    'curl -u "$USER:$PASS" https://api.host.net',
    'docker run -u 1000:1000 -v a:b image2',
  ])
    assert.deepEqual(found(text), [], text)
})

test('the login for a registry of images is found in its file, also inside a JSON string, and other values of auth are not', () => {
  const login = Buffer.from(`ann:${body}`).toString('base64')
  const file = JSON.stringify({ auths: { 'registry.host.net': { auth: login } } })
  assert.deepEqual(found(file), [login])
  assert.deepEqual(found(JSON.stringify({ file })), [login])
  assert.deepEqual(found('"auth": "oauth2" auth: required {"auth":"c29tZXRoaW5nIHdpdGhvdXQgY29sb24"}'), [])
})

test('cookies that open a session are found from the first to the last, and cookies that choose a theme are not', () => {
  assert.deepEqual(found(`Cookie: theme=dark; session=${body}; lang=en`), [body])
  assert.deepEqual(found(`Set-Cookie: connect.sid=s%3A${body}; Path=/; HttpOnly`), [`s%3A${body}`])
  assert.deepEqual(found(`{"Cookie": "sid=${body}; auth=${body}"}`), [`${body}; auth=${body}`])
  for (const text of [
    'Cookie: theme=dark; lang=en',
    'Cookie: sessionid=abc123',
    '"cookie": "0.7.2"',
    'Cookie: <cookie>',
  ])
    assert.deepEqual(found(text), [], text)
})
