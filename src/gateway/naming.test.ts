import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { exposedNameMax, exposedNames, nameOf, type Owned } from './naming.ts'

test('a plain tool is exposed as server__tool', () => {
  assert.deepEqual([...exposedNames([{ server: 'files', name: 'read_file' }]).keys()], ['files__read_file'])
})

test('two servers with the same tool both keep it, told apart by their prefix', () => {
  const names = exposedNames([
    { server: 'a', name: 'search' },
    { server: 'b', name: 'search' },
  ])
  assert.deepEqual([...names.keys()], ['a__search', 'b__search'])
})

test('a__b + c and a + b__c are not folded into one name', () => {
  const names = exposedNames([
    { server: 'a__b', name: 'c' },
    { server: 'a', name: 'b__c' },
  ])
  assert.equal(names.size, 2)
})

const owned = fc.uniqueArray(
  fc.record({ server: fc.string({ minLength: 1, maxLength: 40 }), name: fc.string({ minLength: 1, maxLength: 90 }) }),
  {
    selector: ({ server, name }) => `${server}\0${name}`,
    maxLength: 30,
  },
)

test('every thing gets a name, no two the same, all within the alphabet and the budget', () => {
  fc.assert(
    fc.property(owned, things => {
      const names = exposedNames(things)
      assert.equal(names.size, things.length)
      for (const [exposed] of names) assert.match(exposed, /^[a-zA-Z0-9_-]{1,52}$/u)
      for (const { server, name } of things) assert.notEqual(nameOf(names, server, name), undefined)
    }),
  )
})

test('names do not depend on the order in which servers answer', () => {
  const sorted = (things: readonly Owned[]) =>
    [...exposedNames(things)].map(([name, { server }]) => `${name} ${server}`).sort()
  fc.assert(fc.property(owned, things => assert.deepEqual(sorted(things), sorted(things.toReversed()))))
})

test('a name that is too long is shortened and still told apart from its neighbour', () => {
  const long = 'x'.repeat(100)
  const names = [
    ...exposedNames([
      { server: 's', name: `${long}1` },
      { server: 's', name: `${long}2` },
    ]).keys(),
  ]
  assert.ok(names.every(name => name.length === exposedNameMax))
  assert.notEqual(names[0], names[1])
})

test('a server that chooses names until two digests meet, or spells the digest of another, gains no name twice', () => {
  const digest = (name: string) => createHash('sha256').update(`evil\0${name}`).digest('hex').slice(0, 6)
  const seen = new Map<string, string>()
  let met: readonly string[] = []
  for (let i = 0; met.length === 0; i++) {
    const name = `${'x'.repeat(60)}${i}`
    const before = seen.get(digest(name))
    if (before !== undefined) met = [before, name]
    seen.set(digest(name), name)
  }
  const spelled = ['t!', `t_-${digest('t!')}`]
  for (const names of [met, spelled]) {
    const things = names.map(name => ({ server: 'evil', name }))
    const exposed = exposedNames(things)
    assert.equal(exposed.size, 2)
    for (const { name } of things) assert.notEqual(nameOf(exposed, 'evil', name), undefined)
    for (const name of exposed.keys()) assert.match(name, /^[a-zA-Z0-9_-]{1,52}$/u)
  }
})
