import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import { itemsOf, newCatalog } from './catalog.ts'

const files = 'files' as ServerName
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

test('a new first page drops what is no longer listed', () => {
  const catalog = newCatalog()
  catalog.takePage(files, page(['a', 'b'], true, true))
  catalog.takePage(files, page(['b'], true, true))
  assert.deepEqual(
    catalog.tools.get(files)?.map(({ name }) => name),
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
    catalog.tools.get(files)?.map(({ name }) => name),
    ['a'],
  )
  assert.equal(catalog.offerOf(files).tools.size, 0)
})
