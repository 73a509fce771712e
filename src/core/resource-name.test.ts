import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { anySpellingOf, everySpellingOf, plainAddress } from './resource-name.ts'

const spellings = [
  'file:///etc/passwd',
  'FILE:///etc/passwd',
  'file:/etc/passwd',
  'file://localhost/etc/passwd',
  'file://LOCALHOST/etc/passwd',
  'file:////etc//passwd',
  'file:///etc/./passwd',
  'file:///home/../etc/passwd',
  'file:///../../etc/passwd',
  'file:///%65tc/passwd',
  'file:///etc%2fpasswd',
  'file:///etc%252Fpasswd',
  'file:///etc/%70%61sswd',
  'file:///tmp/%2e%2e/etc/passwd',
  'file:///tmp\\..\\etc\\passwd',
  'file:///etc/ｐasswd',
]

test('all spellings of one place become one', () => {
  for (const spelling of spellings) assert.equal(plainAddress(spelling), 'file:///etc/passwd', spelling)
})

test('what names another place stays apart', () => {
  const apart = [
    'file://host/etc/passwd',
    'file:///etc/passwd2',
    'https://a/etc/passwd',
    'memo:etc/passwd',
    'etc/passwd',
  ]
  assert.equal(new Set([...apart, 'file:///etc/passwd'].map(plainAddress)).size, apart.length + 1)
  assert.equal(plainAddress('memo:a/../../b'), 'memo:../b')
  assert.equal(plainAddress('repo://Owner/Name/'), 'repo://owner/Name/')
  assert.equal(plainAddress('https://a/b?to=/x/../y#..'), 'https://a/b?to=/x/../y#..')
})

test('a pattern that refuses holds for every spelling, and with a query behind it', () => {
  const exact = anySpellingOf(['file:///etc/passwd'])
  const under = anySpellingOf(['file:///etc/*'])
  for (const spelling of [...spellings, 'file:///etc/passwd?x', 'file:///etc/passwd#x', 'file:///etc/passwd%3Fx']) {
    assert.ok(exact(spelling), spelling)
    assert.ok(under(spelling), spelling)
  }
  assert.ok(anySpellingOf(['file:///a%20b/*'])('file:///a b/c'))
  assert.ok(!exact('file:///etc/hosts'))
})

test('a pattern that allows is won by no step up and no escape', () => {
  const project = everySpellingOf(['file:///project/*'])
  for (const address of [
    'file:///project/../etc/passwd',
    'file:///project/%2e%2e/etc/passwd',
    'file:///project/x/..%2f..%2fetc/passwd',
    'file:///project/%252e%252e/etc/passwd',
    'file:///project/..\\..\\etc/passwd',
  ])
    assert.ok(!project(address), address)
  for (const address of ['file:///project/a.md', 'file:///project/a%20b.md', 'file:///project/a/../b?x=..'])
    assert.ok(project(address), address)
  assert.ok(everySpellingOf(['https://h/s?q=a%20b'])('https://h/s?q=a%20b'))
  assert.ok(everySpellingOf(['*'])('anything://at all'))
})

test('whatever is written, the plain form is plain already and takes no long', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), address => {
      const plain = plainAddress(address)
      assert.equal(plainAddress(plain), plain)
    }),
  )
  const before = process.cpuUsage().user
  for (const piece of ['%25', '../', '/./', '%2e%2e/', '\\'])
    plainAddress(`file:///${piece.repeat(500_000 / piece.length)}`)
  assert.ok(process.cpuUsage().user - before < 3_000_000)
})
