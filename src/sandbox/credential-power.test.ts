import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { fc } from '../../test/property.ts'
import { powerOf } from './credential-power.ts'

const long = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
const upper = 'ABCDEFGH234567AB'
const token = (claims: object) => `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`

test('kinds of GitHub, Slack, AWS and Google are told apart, with what they can do and the narrower one', {
  ...proves('P.tokens'),
}, () => {
  const broad: readonly (readonly [string, RegExp, RegExp])[] = [
    [`ghp_${long}`, /classic token of GitHub/u, /github_pat_/u],
    [`gho_${long}`, /OAuth token of GitHub/u, /github_pat_/u],
    [`xoxp-1-2-${long}`, /user token of Slack/u, /xoxb-/u],
    [`xoxe.xoxp-1-${long}`, /user token of Slack/u, /xoxb-/u],
    [`xoxc-${long}`, /browser session of Slack/u, /xoxb-/u],
    [`AKIA${upper}`, /long-lived access key of AWS/u, /ASIA/u],
    [`AIza${long.slice(0, 35)}`, /API key of Google/u, /restricted/u],
    [JSON.stringify({ type: 'service_account', private_key: 'x' }), /Google service account/u, /short-lived/u],
  ]
  for (const [text, kind, instead] of broad) {
    const power = powerOf(text)
    assert.match(power?.kind ?? '', kind, text)
    assert.match(power?.instead ?? '', instead, text)
    assert.ok((power?.can.length ?? 0) > 10 && power?.severity !== 'info', text)
  }
  const narrow = [
    `github_pat_${long}`,
    `ghs_${long}`,
    `xoxb-1-${long}`,
    `ASIA${upper}`,
    `ya29.${long}`,
    `rk_live_${long}`,
  ]
  for (const text of narrow)
    assert.deepEqual([powerOf(text)?.severity, powerOf(text)?.instead], ['info', undefined], text)
})

test('keys of administrators, superusers of databases and tokens that were granted everything are high', {
  ...proves('T3.scoped'),
}, () => {
  for (const text of [
    `sk_live_${long}`,
    `sk-admin-${long}`,
    `sk-ant-admin01-${long}`,
    `dop_v1_${long}`,
    '-----BEGIN OPENSSH PRIVATE KEY-----\nx',
    '-----BEGIN PRIVATE KEY-----',
    'postgresql://postgres:pw@db.example/x',
    'postgresql+asyncpg://root@db.example/x',
    'mysql://root:pw@db.example/x',
    'mongodb+srv://admin:pw@db.example/x',
    token({ scope: 'openid *' }),
    token({ scp: ['read', 'org:admin'] }),
    token({ scope: 'https://www.googleapis.com/auth/cloud-platform' }),
    token({ wids: ['62e90394-69f5-4237-9190-012177145e10'] }),
    `Bearer ${token({ roles: ['Sites.FullControl.All'] })}`,
  ])
    assert.equal(powerOf(text)?.severity, 'high', text)
})

test('ordinary values, narrow roles and narrow tokens are no such thing', () => {
  for (const text of [
    ...['', '1', 'production', '/home/ann/notes', 'https://api.example.com', 'ghp_', 'AKIA', 'sk_live_', '{', '{}'],
    ...['postgresql://reader:pw@db.example/postgres', 'postgresql://db.example/x', 'https://root@example.com/'],
    ...[token({ scope: 'openid profile' }), token({ scp: ['repo:read'] }), 'a.b.c', `${long}.${long}.${long}`],
    ...[JSON.stringify({ type: 'service_account' }), JSON.stringify({ private_key: 'x' }), 'administrator'],
  ])
    assert.equal(powerOf(text), undefined, text)
})

test('what is said of a credential never holds it, whatever it is', () => {
  const prefix = fc.constantFrom('ghp_', 'xoxp-', 'sk_live_', 'npm_', 'glpat-', 'dop_v1_')
  const secret = fc.stringMatching(/^[A-Za-z0-9]{36}$/u)
  fc.assert(fc.property(prefix, secret, (kind, text) => !JSON.stringify(powerOf(kind + text)).includes(text)))
  fc.assert(fc.property(fc.string({ maxLength: 2000 }), text => powerOf(text) === undefined || text.length > 3))
})
