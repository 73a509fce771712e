import { fc } from '../property.ts'

/** A made-up credential: `secret` must never be written, wherever `text` stands. */
export type Credential = { readonly kind: string; readonly text: string; readonly secret: string }

const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
const alnum = lower + lower.toUpperCase() + digits
const url = `${alnum}_-`

function drawn(characters: string, length: number): fc.Arbitrary<string> {
  return fc
    .array(fc.nat({ max: characters.length - 1 }), { minLength: length, maxLength: length })
    .map(places => places.map(place => characters[place]).join(''))
}

function shaped(kind: string, ...parts: ReadonlyArray<string | fc.Arbitrary<string>>): fc.Arbitrary<Credential> {
  const arbitraries = parts.map(part => (typeof part === 'string' ? fc.constant(part) : part))
  return fc.tuple(...arbitraries).map(drawnParts => ({ kind, text: drawnParts.join(''), secret: drawnParts.join('') }))
}

const pem = drawn(`${alnum}+/`, 256).map(body => {
  const rows = body.match(/.{64}/gu) ?? []
  return { rows, whole: `-----BEGIN RSA PRIVATE KEY-----\n${rows.join('\n')}\n-----END RSA PRIVATE KEY-----` }
})

const password = drawn(`${alnum}!#$*.,~?`, 12).filter(text => /[0-9]/u.test(text) && /[a-z]/u.test(text))

function card(): fc.Arbitrary<string> {
  return drawn(digits, 14).map(middle => {
    const body = `4${middle}`
    let sum = 0
    for (const [i, digit] of [...body].reverse().entries()) {
      const n = Number(digit) * (i % 2 === 0 ? 2 : 1)
      sum += n > 9 ? n - 9 : n
    }
    return body + String((10 - (sum % 10)) % 10)
  })
}

/** Credentials that tell what they are by their shape, whatever stands around them. */
export const shapedCredentials: ReadonlyArray<fc.Arbitrary<Credential>> = [
  shaped('github classic', 'ghp_', drawn(alnum, 36)),
  shaped('github fine-grained', 'github_pat_', drawn(alnum, 22), '_', drawn(alnum, 59)),
  shaped('gitlab', 'glpat-', drawn(url, 20)),
  shaped('slack bot', 'xoxb-', drawn(digits, 12), '-', drawn(digits, 12), '-', drawn(alnum, 24)),
  shaped('aws key id', 'AKIA', drawn(lower.toUpperCase() + digits, 16)),
  shaped('anthropic', 'sk-ant-api03-', drawn(url, 40)),
  shaped('openai', 'sk-proj-', drawn(url, 48)),
  shaped('stripe', 'sk_live_', drawn(alnum, 24)),
  shaped('google', 'AIza', drawn(url, 35)),
  shaped('google oauth', 'ya29.', drawn(url, 60)),
  shaped('npm', 'npm_', drawn(alnum, 36)),
  shaped('pypi', 'pypi-', drawn(url, 60)),
  shaped('sendgrid', 'SG.', drawn(url, 22), '.', drawn(url, 43)),
  shaped('telegram', drawn(digits.slice(1), 9), ':', drawn(url, 35)),
  shaped('hugging face', 'hf_', drawn(alnum, 34)),
  shaped('digitalocean', 'dop_v1_', drawn('0123456789abcdef', 64)),
  shaped('shopify', 'shpat_', drawn('0123456789abcdef', 32)),
  shaped('vault', 'hvs.', drawn(url, 24)),
  shaped('docker', 'dckr_pat_', drawn(url, 27)),
  shaped('jwt', 'eyJhbGciOiJIUzI1NiJ9.', drawn(url, 40), '.', drawn(url, 43)),
  shaped('age', 'AGE-SECRET-KEY-1', drawn(lower.toUpperCase() + digits, 58)),
  shaped('card', card()),
  pem.map(({ rows, whole }) => ({ kind: 'private key', text: whole, secret: rows[1] ?? '' })),
  password.map(secret => ({
    kind: 'url login',
    text: `postgres://app:${secret.replaceAll(/[#?]/gu, 'x')}@db.internal/app`,
    secret: secret.replaceAll(/[#?]/gu, 'x'),
  })),
  password.map(secret => ({ kind: 'assignment', text: `DB_PASSWORD=${secret}`, secret })),
  password.map(secret => ({ kind: 'yaml', text: `password: ${secret}`, secret })),
  password.map(secret => ({ kind: 'json in text', text: `{"password":"${secret}"}`, secret })),
  password.map(secret => ({ kind: 'flag', text: `mysql --password ${secret} -h db`, secret })),
  password.map(secret => ({ kind: 'connection string', text: `Server=db;Uid=app;Password=${secret};`, secret })),
  password.map(secret => ({ kind: 'said aloud', text: `the password is ${secret}`, secret })),
  drawn(alnum, 24)
    .filter(text => /[0-9]/u.test(text))
    .map(secret => ({ kind: 'bearer', text: `Authorization: Bearer ${secret}`, secret })),
  drawn(alnum, 24).map(secret => ({ kind: 'cookie', text: `Cookie: theme=dark; session=${secret}`, secret })),
  drawn(alnum, 16).map(secret => ({
    kind: 'query',
    text: `https://api.test/v1?q=1&access_token=${secret}&page=2`,
    secret,
  })),
]

/** A credential that only the name beside it gives away, and the structures in which that name may stand. */
export const namedCredentials: fc.Arbitrary<{ readonly value: unknown; readonly secret: string }> = fc
  .record({
    name: fc.constantFrom(
      'password',
      'api_key',
      'X-Api-Key',
      'clientSecret',
      'GITHUB_TOKEN',
      'Authorization',
      'passphrase',
    ),
    secret: drawn(alnum, 10),
    form: fc.nat({ max: 6 }),
  })
  .map(({ name, secret, form }) => {
    const forms: readonly unknown[] = [
      { [name]: secret },
      { [name]: [secret, { inner: secret }] },
      { headers: [{ name, value: secret }] },
      { env: [`${name}=${secret}`] },
      ['curl', `--${name}`, secret],
      [[name, secret]],
      JSON.stringify({ [name]: secret }),
    ]
    return { value: forms[form], secret }
  })
