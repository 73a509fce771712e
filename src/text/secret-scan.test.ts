import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { secretsIn } from './secret-scan.ts'

function found(text: string): string[] {
  return secretsIn(text).map(({ from, to }) => text.slice(from, to))
}

// Made up; put together here so that no scanner of this repository takes them for real.
const body = 'q7Lm2XzR9bTk4VnW8cYd'
const hex = '9f86d081884c7d659a2feaa0c55ad015'
const token = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')
const attacks: Readonly<Record<string, string>> = {
  'a key id in a credentials file': `aws_access_key_id = ${'AKIA'}Z7QK3PLM9XWV2RT4`,
  'the secret beside it': `aws_secret_access_key = ${body}${body}`,
  'a token in a clone address': `https://x-access-token:${'ghp_'}${body}${body.slice(0, 16)}@github.com/a/b`,
  'a fine-grained token': `${'github_pat_'}${body}_${body}${body}`,
  'a token in YAML': `  token: ${'glpat-'}${body}`,
  'a bot token in JSON': `{"slack":"${'xoxb-'}284610957315-284610957316-${body}"}`,
  'a webhook': `POST https://hooks.slack.com/services/T024BE7LD/B07Q2C9AB/${body}`,
  'a live payment key': `STRIPE=${'sk_live_'}${body}`,
  'a key of a map service': `key=${'AIza'}Sy${body}${body.slice(0, 13)}`,
  'a model key': `export ANTHROPIC_API_KEY=${'sk-ant-'}api03-${body}${body}`,
  'a project key': `openai: ${'sk-proj-'}${body}${body}`,
  'a hub token': `${'hf_'}${body}${body.slice(0, 14)}`,
  'a registry token': `//registry.npm.local/:_authToken=${'npm_'}${body}${body.slice(0, 16)}`,
  'a mail key': `${'SG.'}${body}ab.${body}${body}abc`,
  'a telephone key': `${'SK'}${hex}`,
  'a web token': `jwt ${token}.${body}.${body}${body}`,
  'a private key': `-----BEGIN RSA PRIVATE KEY-----\n${body}${body}${body}\n${body}${body}${body}\n-----END RSA PRIVATE KEY-----`,
  'a private key inside JSON': `{"private_key":"-----BEGIN PRIVATE KEY-----\\n${body}${body}${body}\\n-----END PRIVATE KEY-----\\n"}`,
  'a database address': 'postgres://app:hunt3r2pw@db.internal:5432/app',
  'a document store address': 'mongodb+srv://root:Zx81_spectrum@cluster0.mongodb.net',
  'a cache address without a user': 'redis://:s3cr3t-p4ss@cache:6379/0',
  'a password in an env file': 'DB_PASSWORD=s3cr3t_p@ss',
  'a password in code': 'password = "Tr0ub4dor&3"',
  'a password in JSON': '{"user":"ann","password":"kV9!xq2L"}',
  'a bearer header': `Authorization: Bearer ${body}${body}`,
  'a basic header': `Authorization: Basic ${Buffer.from('ann:kV9!xq2L').toString('base64')}`,
  'a generic key': `api_key: ${body}${body}`,
  'a monitoring key': `DATADOG_API_KEY=${hex}`,
  'a storage account': `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${body}${body}${body}${body}abcdef==;`,
  'a vault token': `VAULT_TOKEN=${'hvs.'}${body}${body}`,
  'a cloud token': `${'dop_v1_'}${hex}${hex}`,
  'a bot of ten digits': `https://api.telegram.org/bot6012345678:AA${body}${body.slice(0, 13)}/getMe`,
  'a hub token of letters alone': `${'hf_'}qLmXzRbTkVnWcYdQlMxZrBtKvNwCyDqLmX`,
  'a webhook of a chat': `https://discord.com/api/webhooks/5917375533009735860/${body}${body}${body}`,
  'a webhook of an office': `https://contoso.webhook.office.com/webhookb2/${body}${body}@${body}/IncomingWebhook/${hex}`,
  'a workflow that anyone may start': `https://prod-0.logic.azure.com/workflows/a/triggers/manual/paths/invoke?sv=1.0&sig=${body}${body}abc`,
  'a key in a header that code sets': `headers.set('X-Api-Key', '${body}')`,
  'a key of a framework': `SECRET_KEY = 'django-insecure-q7$Lm2(XzR9=bTk4&VnW8*cYd+q7Lm2XzR9bTk4V'`,
  'a client secret': `"client_secret": "${'GOCSPX-'}${body}"`,
}

for (const [name, text] of Object.entries(attacks))
  test(`found: ${name}`, () => assert.equal(found(text).length > 0, true))

const lookAlikes: Readonly<Record<string, string>> = {
  'a reference': 'API_KEY=${API_KEY}\ntoken: ${input:token}\npassword: $DB_PASSWORD',
  'a token to fill in': `token: <your token>\nghp_${'x'.repeat(36)}\nsk-ant-xxxxxxxxxxxxxxxxxxxx`,
  'the key of the documentation': 'AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'a name from the environment': 'const apiKey = process.env.API_KEY; token = os.environ["TOKEN"]',
  'a type': 'interface Login { password: string; token?: string; apiKey: ApiKey | undefined }',
  'a call': 'password = getPassword(user)\ntoken = await fetchToken(42)\nsecret: readSecret("db1")',
  'a counter': 'max_tokens: 4096\ntokens: 128000\nnextPageToken: "CAUQAA"\nprogressToken: 7',
  'a digest': `sha256:${hex}${hex}\nmd5 ${hex}\ncommit 3a7382d9f86d081884c7d659a2feaa0c55ad0151`,
  'an identifier': 'id: 123e4567-e89b-12d3-a456-426614174000\nmy-long-kebab-case-name-v2 task_runner_config_2',
  'an integrity line':
    '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="',
  'a mask': 'password: ********\ntoken: ••••••••\nkey: [redacted: named secret, 20 chars]',
  'prose about secrets':
    'The token is refreshed every hour. Your password must have 12 characters. The secret: be kind.',
  'a public key':
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ann\n-----BEGIN PUBLIC KEY-----',
  'an address with a port': 'http://localhost:8080/a@b https://user@example.com/ https://example.com:443/@scope/pkg',
  'a default login of a manual': 'postgres://postgres:postgres@localhost/app mysql://user:password@host/db',
  'a path': 'token_file: /run/secrets/token1\nprivate_key: ./certs/server1.pem\nkey_path=~/.ssh/id_ed25519',
  'a style': 'md-button-toggle-group-1 sk-circle-fade-dot-12 pa-grid-12 fc-day-grid-event-7 sl.list',
  'a schema': '{"password":{"type":"string","description":"The user\'s password"},"token":{"type":"string"}}',
  'a header without a value': 'Authorization: Bearer\nBasic authentication is required. Bearer tokens expire.',
  'a list of words': `["password", "username2"] ['token', 'id2'] set("api_key", key)`,
  'a name in large letters': 'ghp_LIFECYCLE_EVENT_NAME hf_TransformersLibrary npm_config_registry',
  'a version': 'pwd: v1.2.3\nsecret-scanner: 4.0.1\ntoken-bucket: 100/s',
  'a picture': `data:image/png;base64,eyJ${'iVBORw0KGgo'.repeat(12)}`,
}

for (const [name, text] of Object.entries(lookAlikes))
  test(`passed over: ${name}`, () => assert.deepEqual(found(text), []))

test('a span covers the value and leaves the name that tells what was there', () => {
  assert.deepEqual(found('DB_PASSWORD=s3cr3t_p@ss; next'), ['s3cr3t_p@ss'])
  assert.deepEqual(found('postgres://app:hunt3r2pw@db/app'), ['hunt3r2pw'])
  assert.deepEqual(found(`?access_token=${body}${body}&page=2`), [`${body}${body}`])
})

test('finds of any text lie in it, in order, and none inside another', () => {
  const pieces = fc.constantFrom(...Object.values(attacks), ...Object.values(lookAlikes), ' ', '\n', '"', '=', ':', '-')
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 12 }), parts => {
      const text = parts.join('')
      let done = 0
      for (const { from, to } of secretsIn(text)) {
        assert.ok(from >= done && to > from && to <= text.length)
        done = to
      }
    }),
    { numRuns: 200 },
  )
})

test('what is cut stays cut: after redaction nothing is found again', () => {
  for (const text of Object.values(attacks)) {
    let out = ''
    let done = 0
    for (const { from, to } of secretsIn(text)) {
      out += `${text.slice(done, from)}[redacted]`
      done = to
    }
    assert.deepEqual(found(out + text.slice(done)), [], text)
  }
})

test('texts made of prefixes, names and openings cost little more than plain text', () => {
  const plain = 'The quick brown fox jumps over the lazy dog. '.repeat(2300)
  const size = plain.length
  const hostile = [
    'ghp_',
    'token',
    'token=',
    'eyJ',
    '://a:',
    '-----BEGIN PRIVATE KEY-----',
    'password is ',
    'sk-ant-',
    'AccountKey=',
    'Bearer ',
    'api key ',
    'a_token_b:"',
    'SG.a',
    'PuTTY-User-Key-File-2:',
    'cookie:a=',
    'Cookie: a=b;',
    'auth":"',
    'curl -u a:',
    'login a password ',
    '"token","',
    '1:AA',
    '00D!A',
  ]
  const time = (text: string): number => {
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < 3; i++) {
      const start = cpuMs()
      secretsIn(text)
      best = Math.min(best, cpuMs() - start)
    }
    return best
  }
  time(plain)
  for (const piece of hostile) {
    const ms = time(piece.repeat(Math.ceil(size / piece.length)))
    // A scan whose cost grows with the square takes seconds for these 100 KB; the bound leaves room for a busy machine.
    assert.ok(ms < 200, `${piece}: ${ms.toFixed(1)} ms`)
  }
})
