import assert from 'node:assert/strict'
import test from 'node:test'
import type { Principal, ServerName } from '../core/brand.ts'
import { itemsOf, newCatalog } from './catalog.ts'

const files = { server: 'files' as ServerName, principal: 'ann' as Principal }
const page = (names: string[], isFirst: boolean, isLast: boolean) => ({
  items: names.map(name => ({ name })),
  isFirst,
  isLast,
})

test('a list is complete when its last page was seen, and pages add up', () => {
  const catalog = newCatalog()
  catalog.takePage(files, page(['a'], true, false))
  assert.equal(catalog.offerOf(files).isComplete, false)
  catalog.takePage(files, page(['b'], false, true))
  assert.deepEqual([...catalog.offerOf(files).tools.keys()], ['a', 'b'])
  assert.equal(catalog.offerOf(files).isComplete, true)
})

test('a list is told of once it is whole, with all its pages', () => {
  const told: string[] = []
  const catalog = newCatalog({ onListed: (server, tools) => told.push(`${server} ${tools.map(({ name }) => name)}`) })
  catalog.takePage(files, page(['a'], true, false))
  assert.deepEqual(told, [])
  catalog.takePage(files, page(['b'], false, true))
  assert.deepEqual(told, ['files a,b'])
})

test('a new first page drops what is no longer listed', () => {
  const catalog = newCatalog()
  catalog.takePage(files, page(['a', 'b'], true, true))
  catalog.takePage(files, page(['b'], true, true))
  assert.deepEqual(
    catalog
      .toolsOf(files.principal)
      .get(files.server)
      ?.map(({ name }) => name),
    ['b'],
  )
})

test('an unchanged definition stays the same object, a changed one does not', () => {
  const catalog = newCatalog()
  catalog.takePage(files, page(['a'], true, true))
  const before = catalog.offerOf(files).tools.get('a')
  catalog.takePage(files, page(['a'], true, true))
  assert.equal(catalog.offerOf(files).tools.get('a'), before)
  catalog.takePage(files, { items: [{ name: 'a', description: 'new' }], isFirst: true, isLast: true })
  assert.notEqual(catalog.offerOf(files).tools.get('a'), before)
})

test('items that are no objects are left out of a list', () => {
  assert.deepEqual(itemsOf({ tools: [{ name: 'a' }, 'b', null] }, 'tools'), [{ name: 'a' }])
  assert.deepEqual(itemsOf('nothing', 'tools'), [])
})

test('a list without end is cut off', () => {
  const catalog = newCatalog()
  catalog.takePage(
    files,
    page(
      Array.from({ length: 10_050 }, (_, i) => `t${i}`),
      true,
      true,
    ),
  )
  assert.equal(catalog.offerOf(files).tools.size, 10_000)
})

test('a tool that was only heard of is known to guards and callable by nobody', () => {
  const catalog = newCatalog()
  catalog.hear(files, [{ name: 'a' }, { name: 7 }])
  assert.deepEqual(
    catalog
      .toolsOf(files.principal)
      .get(files.server)
      ?.map(({ name }) => name),
    ['a'],
  )
  assert.equal(catalog.offerOf(files).tools.size, 0)
})

test('each principal has the list that it was shown', () => {
  const catalog = newCatalog()
  const bob = { ...files, principal: 'bob' as Principal }
  catalog.takePage(files, page(['a', 'b'], true, true))
  assert.equal(catalog.offerOf(bob).isComplete, false)
  catalog.takePage(bob, { items: [{ name: 'a', description: 'for bob' }], isFirst: true, isLast: true })
  assert.deepEqual([...catalog.offerOf(files).tools.keys()], ['a', 'b'])
  assert.equal(catalog.offerOf(files).tools.get('a')?.definition['description'], undefined)
  assert.equal(catalog.offerOf(bob).tools.get('a')?.definition['description'], 'for bob')
  catalog.forget(files.server, bob.principal)
  assert.deepEqual([catalog.offerOf(bob).isComplete, catalog.offerOf(files).isComplete], [false, true])
  catalog.forget(files.server)
  assert.equal(catalog.offerOf(files).isComplete, false)
})

test('principals that are shown the same share one object, so that validators are compiled once', () => {
  const catalog = newCatalog()
  const bob = { ...files, principal: 'bob' as Principal }
  catalog.takePage(files, page(['a'], true, true))
  catalog.takePage(bob, page(['a'], true, true))
  assert.equal(catalog.offerOf(bob).tools.get('a'), catalog.offerOf(files).tools.get('a'))
})

test('the lists of so many principals are kept; the one that listed longest ago has to list again', () => {
  const catalog = newCatalog({ principalsMax: 2 })
  const viewers = ['a', 'b', 'c'].map(name => ({ ...files, principal: name as Principal }))
  for (const viewer of viewers) catalog.takePage(viewer, page(['t'], true, true))
  assert.deepEqual(
    viewers.map(viewer => catalog.offerOf(viewer).isComplete),
    [false, true, true],
  )
})
