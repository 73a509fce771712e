import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import { fits, located, named, newDirectory, ownerOf } from './directory.ts'

const [a, b] = ['a' as ServerName, 'b' as ServerName]

test('tools of several servers carry their server in the name', () => {
  const { items, names } = named([
    { server: a, items: [{ name: 'read', title: 'Read' }] },
    { server: b, items: [{ name: 'read' }] },
  ])
  assert.deepEqual(items, [{ name: 'a__read', title: 'Read' }, { name: 'b__read' }])
  assert.deepEqual(names.get('b__read'), { server: b, name: 'read' })
})

test('the same resource of two servers is kept twice, told apart by the server in front', () => {
  const { items, owners } = located([
    { server: a, items: [{ uri: 'memo://1' }] },
    { server: b, items: [{ uri: 'memo://1' }] },
  ])
  assert.deepEqual(items, [{ uri: 'memo://1' }, { uri: 'b+memo://1' }])
  assert.deepEqual(owners.get('b+memo://1'), { server: b, name: 'memo://1' })
})

test('a resource that nobody listed is found by a template, or by no one', () => {
  const directory = { ...newDirectory(), templates: [{ server: b, name: 'log://{day}/{n}.txt' }] }
  assert.deepEqual(ownerOf(directory, 'log://mon/7.txt', [a, b]), { server: b, name: 'log://mon/7.txt' })
  assert.equal(ownerOf(directory, 'log://mon/7.pdf', [a, b]), undefined)
})

test('a template fits by its literal parts, however long the URI', () => {
  assert.ok(fits(`x://${'a'.repeat(100_000)}/end`, 'x://{p}/end'))
  assert.ok(!fits('x://a', 'x://{p}/end'))
  assert.ok(fits('x://same', 'x://same'))
  assert.ok(!fits('ab', 'a{x}ab'))
})

test('a server with a template as wide as the world gets no URI of another', () => {
  const templates = [
    { server: a, name: '{+anything}' },
    { server: b, name: 'db://{table}' },
  ]
  const directory = { ...newDirectory(), templates }
  assert.equal(ownerOf(directory, 'db://people', [a, b]), undefined)
  assert.deepEqual(ownerOf(directory, 'b+db://people', [a, b]), { server: b, name: 'db://people' })
  assert.deepEqual(ownerOf(directory, 'own://x', [a, b]), { server: a, name: 'own://x' })
})
