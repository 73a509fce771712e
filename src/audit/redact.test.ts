import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { namedCredentials, shapedCredentials } from '../../test/audit/credentials.ts'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { redactJson, redactText } from './redact.ts'

const around = fc.constantFrom(
  '',
  ' ',
  '"',
  "'",
  '(',
  ', ',
  '\n',
  'see ',
  '=',
  ': ',
  '<b>',
  ' -> ',
  '\\"',
  '`',
  '[',
  '|',
)

for (const credential of shapedCredentials) {
  const kind = fc.sample(credential, { numRuns: 1, seed: 1 })[0]?.kind
  test(`a ${kind} never comes through, whatever stands around it`, () => {
    fc.assert(
      fc.property(credential, around, around, ({ text, secret }, before, after) => {
        for (const whole of [
          before + text + after,
          `${'word '.repeat(300)}${before}${text}`,
          JSON.stringify({ a: text }),
        ])
          assert.ok(!redactText(whole).includes(secret), `${whole}\n→ ${redactText(whole)}`)
        assert.ok(!JSON.stringify(redactJson({ [before + text]: [{ deep: text }] })).includes(secret))
      }),
      { numRuns: 60 },
    )
  })
}

test('a credential is found wherever the cut falls', () => {
  fc.assert(
    fc.property(fc.oneof(...shapedCredentials), fc.integer({ min: 0, max: 120 }), ({ text, secret }, chars) => {
      const shown = redactText(`see here ${text} end`, chars)
      for (let from = 0; from + 10 <= secret.length; from++)
        assert.ok(!shown.includes(secret.slice(from, from + 10)), `${text} cut at ${chars} → ${shown}`)
    }),
    { numRuns: 500 },
  )
})

test('what a name announces is hidden, in objects, pairs, argument vectors and JSON inside text', () => {
  fc.assert(
    fc.property(namedCredentials, fc.nat({ max: 6 }), ({ value, secret }, depth) => {
      let whole: unknown = value
      for (let i = 0; i < depth; i++) whole = i % 2 === 0 ? { part: whole, n: i } : [1, whole]
      assert.ok(!JSON.stringify(redactJson(whole)).includes(secret), JSON.stringify(whole))
    }),
    { numRuns: 500 },
  )
})

test('redacting twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.oneof(...shapedCredentials), ({ text }) => {
      const once = redactText(`a ${text} b`)
      assert.equal(redactText(once), once)
    }),
    { numRuns: 300 },
  )
})

test('ordinary arguments stay readable', () => {
  const args = {
    path: '/home/someone/Projects/sallyport/src/audit/redact-text.test.ts',
    query: 'SELECT name, total FROM orders WHERE id = 4711',
    url: 'https://docs.example.com:8443/guide/page?lang=en&page=2#install',
    digest: 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    uuid: '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
    when: '2026-11-22T17:12:20.123Z',
    mail: 'someone@example.com',
    text: 'Please mail the report to the team before 17:00, thank you: it is late.',
    count: 1_763_831_540_123,
    flags: [true, false, null],
    progressToken: 7,
  }
  assert.deepEqual(redactJson(args), args)
})

test('a credential is found in configuration of any kind', () => {
  const texts = [
    '<password>hunter2x</password>',
    '<ns:Password type="plain">hunter2x</ns:Password>',
    '<add key="DbPassword" value="hunter2x" />',
    'password: |\n  hunter2x\n  hunter2x\nnext: 1',
    'api_key: >-\n\thunter2x\n',
    'machine api.test login bob password hunter2x',
    "CREATE USER bob PASSWORD 'hunter2x'; ALTER USER x IDENTIFIED BY 'hunter2x'",
    '%7B%22password%22%3A%22hunter2x%22%7D',
    '{&quot;password&quot;:&quot;hunter2x&quot;}',
    JSON.stringify(JSON.stringify(JSON.stringify({ a: { password: 'hunter2x' } }))),
    '| password | hunter2x |',
    'pwd\thunter2x',
    'Authorization: Basic hunter2x',
    "curl -H 'X-Api-Key: hunter2x' https://x.test",
    'export GITHUB_TOKEN=hunter2x && run',
    'password := "hunter2x"',
    "config['password'] = 'hunter2x'",
    '{ :password => "hunter2x" }',
    'ftp://bob:hunter2x@files.test/',
    'Set-Cookie: sid=hunter2x; Path=/; HttpOnly',
    'grant_type=password&client_secret=hunter2x&scope=all',
  ]
  for (const text of texts) assert.ok(!redactText(text).includes('hunter2x'), `${text}\n→ ${redactText(text)}`)
  assert.ok(!redactText('Proxy: Basic dXNlcjpwYXNzd29yZA').includes('dXNlcjpwYXNzd29yZA'))
})

test('only this folder makes redacted text', () => {
  const makers = globSync('src/**/*.ts')
    .filter(path => !path.endsWith('.test.ts'))
    .filter(path => / as Redacted\b/u.test(readFileSync(path, 'utf8')))
  assert.deepEqual(makers, ['src/audit/redact.ts'])
})

test('type, length and at most four last characters are told of what was hidden', () => {
  const github = `ghp_${'a1B2'.repeat(9)}`
  assert.equal(redactText(`use ${github} now`), 'use [redacted: github token, 40 chars, …a1B2] now')
  assert.equal(redactText('password=hunter2'), 'password=[redacted: named secret, 7 chars]')
  assert.deepEqual(redactJson({ password: 'hunter2', pin: 1234, token: null, cookies: { a: 'b' } }), {
    password: '[redacted: named secret, 7 chars]',
    pin: '[redacted: named secret, 4 chars]',
    token: null,
    cookies: '[redacted: named secret]',
  })
})

test('whatever value comes, the record is bounded, plain JSON and safe to show', () => {
  const limits = { textChars: 50, totalChars: 400, depth: 4, items: 5, values: 40 }
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, maxDepth: 6 }), value => {
      const kept = redactJson(value, limits)
      const text = JSON.stringify(kept)
      assert.deepEqual(JSON.parse(text), kept)
      assert.ok(text.length < 20_000)
      assert.doesNotMatch(text, /[\p{Cc}\p{Bidi_Control}]/u)
    }),
    { numRuns: 500 },
  )
})

test('a circle, a very long list and a deep tree end', () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  assert.match(JSON.stringify(redactJson(circle)), /deeper than is recorded/u)
  assert.match(JSON.stringify(redactJson(Array.from({ length: 1e5 }, () => 'x'))), /99936 more items/u)
  assert.match(JSON.stringify(redactJson('x'.repeat(1e6))), /997952 more chars/u)
})

test('a key named __proto__ is an ordinary member', () => {
  const kept = redactJson(JSON.parse('{"__proto__":{"polluted":"yes"}}'))
  assert.equal(JSON.stringify(kept), '{"__proto__":{"polluted":"yes"}}')
  assert.equal(({} as { polluted?: string }).polluted, undefined)
})

test('reading time grows no faster than the text, whatever the text', () => {
  const fragments = [
    '<a>',
    '<password>',
    'key="password" value="',
    'password |',
    'a: |\n ',
    'login x password ',
    "password '",
    '\t',
    'a',
    '-',
    '=',
    'password',
    'password=',
    '"',
    '\\"',
    '\\',
    'eyJ',
    'eyJa.',
    'http://',
    ':',
    '@',
    '4',
    '4 ',
  ]
  fragments.push(
    '-----BEGIN RSA PRIVATE KEY-----',
    'token is ',
    'a_',
    '--password ',
    '%3D',
    'Bearer ',
    'A1b',
    '/',
    '.',
    '&',
  )
  for (const fragment of fragments) {
    const time = (chars: number): number => {
      const text = fragment.repeat(Math.ceil(chars / fragment.length))
      let best = Number.POSITIVE_INFINITY
      for (let i = 0; i < 3; i++) {
        const start = cpuMs()
        redactText(text, chars)
        best = Math.min(best, cpuMs() - start)
      }
      return best
    }
    const [small, large] = [time(20_000), time(80_000)]
    assert.ok(large < Math.max(4 * 4 * small, 250), `${JSON.stringify(fragment)}: ${small} ms → ${large} ms`)
  }
})
