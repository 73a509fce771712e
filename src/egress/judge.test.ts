import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { isNameDeclared, judgeAddresses, judgeGreeting, judgeTarget } from './judge.ts'

const rules = [
  { name: 'api.example.com', port: 443 },
  { name: '*.wild.example', port: 443 },
]
const target = { host: 'api.example.com', port: 443 }
const open = { mayBePrivate: false, own: [] }

test('only what is declared may be dialled, and the refusal says what to add', () => {
  assert.equal(judgeTarget(target, rules).ok, true)
  const refused = [
    [{ host: 'other.example', port: 443 }, 'not-declared'],
    [{ host: 'api.example.com', port: 8443 }, 'port-not-declared'],
    [{ host: '8.8.8.8', port: 443 }, 'address-not-declared'],
    [{ host: 'a b', port: 443 }, 'not-a-host'],
  ] as const
  for (const [to, code] of refused) {
    const verdict = judgeTarget(to, rules)
    assert.equal(verdict.ok ? 'ok' : verdict.refusal.code, code)
  }
  const verdict = judgeTarget({ host: 'other.example', port: 99 }, rules)
  assert.match(verdict.ok ? '' : verdict.refusal.why, /other\.example:99/u)
})

test('a name that leads to a place inside is refused, whatever it is called', () => {
  const inside = ['127.0.0.1', '10.1.2.3', '192.168.1.1', '172.16.0.1', '169.254.169.254', '169.254.1.1', '100.64.0.1']
  const tunnels = [
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '::ffff:10.0.0.1',
    '::1',
    'fe80::1',
    'fd00::1',
    '0.0.0.0',
  ]
  for (const address of [...inside, ...tunnels, '198.18.0.9', 'nonsense'])
    assert.equal(judgeAddresses([address], open)?.code, 'address-refused', address)
})

test('one bad address among good ones spoils the answer', () => {
  assert.equal(judgeAddresses(['93.184.216.34'], open), undefined)
  assert.equal(judgeAddresses(['93.184.216.34', '10.0.0.1'], open)?.code, 'address-refused')
  assert.equal(judgeAddresses([], open)?.code, 'no-address')
  assert.equal(judgeAddresses(new Array(17).fill('93.184.216.34'), open)?.code, 'no-address')
})

test('a declared private host may be private, but never where a cloud keeps credentials', () => {
  const declared = { mayBePrivate: true, own: ['10.0.0.5'] }
  assert.equal(judgeAddresses(['10.0.0.5'], declared), undefined)
  assert.equal(judgeAddresses(['127.0.0.1'], declared), undefined)
  for (const address of ['169.254.169.254', 'fd00:ec2::254', '::ffff:169.254.169.254', '100.100.100.200'])
    assert.equal(judgeAddresses([address], declared)?.code, 'address-refused', address)
})

test('a public address of this machine itself is refused', () => {
  const own = ['93.184.216.34', '2606:2800:220:1::1', 'fe80::1%eth0']
  assert.equal(judgeAddresses(['93.184.216.34'], { mayBePrivate: false, own })?.code, 'own-address')
  assert.equal(judgeAddresses(['2606:2800:220:1:0:0:0:1'], { mayBePrivate: false, own })?.code, 'own-address')
})

test('TLS and HTTP must speak to the name that was dialled', proves('T4.monitor'), () => {
  assert.equal(judgeGreeting(target, { kind: 'tls', name: 'API.example.com' }, rules), undefined)
  assert.equal(judgeGreeting(target, { kind: 'tls', name: 'evil.example' }, rules)?.code, 'name-mismatch')
  assert.equal(judgeGreeting(target, { kind: 'http', host: 'api.example.com', port: 443 }, rules), undefined)
  assert.equal(
    judgeGreeting(target, { kind: 'http', host: 'evil.example', port: undefined }, rules)?.code,
    'name-mismatch',
  )
  assert.equal(judgeGreeting(target, { kind: 'http', host: 'api.example.com', port: 80 }, rules)?.code, 'name-mismatch')
  assert.equal(judgeGreeting(target, { kind: 'unreadable', why: 'x' }, rules)?.code, 'unreadable')
})

test('a CONNECT to a declared proxy is judged like a dial', () => {
  assert.equal(judgeGreeting(target, { kind: 'connect', host: 'a.wild.example', port: 443 }, rules), undefined)
  assert.equal(judgeGreeting(target, { kind: 'connect', host: 'evil.example', port: 443 }, rules)?.code, 'not-declared')
})

test('a name counts as declared on whatever port', () => {
  assert.equal(isNameDeclared('a.wild.example', rules), true)
  assert.equal(isNameDeclared('wild.example', rules), false)
})
