import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { isAddress, matchHost, plainHost } from './host-rule.ts'

const rules = [
  { name: 'api.example.com', port: 443 },
  { name: '*.files.example', port: 443 },
  { name: '10.0.0.5', port: 5432 },
  { name: '[2001:db8::0:1]', port: 443 },
  { name: 'localhost', port: 8080 },
]

test('a name has one spelling, whatever its case, its final dot and its brackets', () => {
  assert.equal(plainHost('API.Example.COM.'), 'api.example.com')
  assert.equal(plainHost('[2001:DB8:0:0::1]'), '2001:db8::1')
  assert.equal(plainHost('::ffff:10.0.0.5'), '10.0.0.5')
})

test('what two programs read as different hosts is no host at all', () => {
  for (const text of [
    '127.1',
    '0x7f.0.0.1',
    '0177.0.0.1',
    '2130706433',
    'a..b',
    '.a',
    '-a.b',
    'a b',
    'a%00.b',
    'user@a.b',
    'fe80::1%lo',
    'ex\u0430mple.com',
    'a/b',
    '',
  ])
    assert.equal(plainHost(text), undefined, text)
})

test('a literal rule means that name and port, and says so when only the port differs', () => {
  assert.equal(matchHost(rules, 'api.example.com', 443).kind, 'match')
  assert.deepEqual(matchHost(rules, 'api.example.com', 80), { kind: 'other-port', ports: [443] })
  for (const host of ['example.com', 'xapi.example.com', 'api.example.com.evil.example', 'a.api.example.com'])
    assert.equal(matchHost(rules, host, 443).kind, 'none', host)
})

test('a star covers names below and neither the name itself, nor a look-alike, nor an address', () => {
  assert.equal(matchHost(rules, 'a.files.example', 443).kind, 'match')
  assert.equal(matchHost(rules, 'a.b.files.example', 443).kind, 'match')
  for (const host of ['files.example', 'xfiles.example', '.files.example'])
    assert.equal(matchHost(rules, host, 443).kind, 'none', host)
})

test('addresses are compared as addresses, and localhost means loopback', () => {
  assert.equal(matchHost(rules, '10.0.0.5', 5432).kind, 'match')
  assert.equal(matchHost(rules, '2001:db8::1', 443).kind, 'match')
  assert.equal(matchHost(rules, '127.0.0.1', 8080).kind, 'match')
  assert.equal(matchHost(rules, '127.0.0.2', 8080).kind, 'none')
})

test('the plain spelling of a plain spelling is itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), fc.ipV4(), fc.domain()), text => {
      const plain = plainHost(text)
      if (plain === undefined) return
      assert.equal(plainHost(plain), plain)
      if (text.includes(':')) assert.ok(isAddress(plain))
    }),
  )
})
