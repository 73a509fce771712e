import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { automatonFrom } from './automaton.ts'
import { layout, treeFrom, treeOf, treeParts } from './literal-tree.ts'
import { bytesOfTable, tableIn } from './stored-table.ts'

test('a tree that was kept in a file finds what the one that was kept finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '忽', 'x y'), minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(fc.array(word, { maxLength: 6 }), fc.array(word, { maxLength: 9 }), (words, text) => {
      const tree = treeOf(words.map((each, id) => ({ text: each, id })))
      const kept = treeFrom(tableIn(bytesOfTable('t', treeParts(tree)), 't') ?? [])
      assert.deepEqual(kept, tree)
      const hits = [tree, kept].map(each => automatonFrom(each).scan(text.join(' ')))
      assert.deepEqual(hits[1], hits[0])
    }),
  )
})

test('literals share what they begin with, and what ends where is told by state', () => {
  const tree = treeOf([
    { text: 'abc', id: 4 },
    { text: 'abd*', id: 5 },
    { text: 'abc', id: 6 },
  ])
  assert.equal(tree.nodes.length / layout.nodeWords, 1 + 4)
  assert.deepEqual([...tree.endIds], [6, 4, 5])
})
