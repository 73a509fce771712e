import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { indexOf, isObject, type Json, pointerKeys, step, valueAt } from './json.ts'

test('a pointer built from steps leads back to the value it was built for', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.infiniteStream(fc.nat()), (value, turns) => {
      const root = JSON.parse(JSON.stringify(value)) as Json
      let [here, at]: [Json, string] = [root, '']
      for (const turn of turns) {
        const next: [string, Json | undefined][] = here !== null && typeof here === 'object' ? Object.entries(here) : []
        if (next.length === 0) break
        const [key, inside] = next[turn % next.length]!
        at += step(key)
        here = inside!
      }
      assert.deepEqual(valueAt(root, at), here)
    }),
  )
})

test('steps survive every key, also one with slashes and tildes', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('~1', '~0', '/', '~01', '', '__proto__'))), keys => {
      assert.deepEqual(pointerKeys(keys.map(step).join('')), keys)
    }),
  )
})

test('a pointer that leads nowhere gives undefined, and never reaches what an object inherits', () => {
  const root = { a: [1, 2], s: 'text' }
  for (const at of ['/b', '/a/2', '/a/-', '/a/-1', '/a/01', '/a/', '/a/1e0', '/s/0', '/s/length', '/a/length'])
    assert.equal(valueAt(root, at), undefined, at)
  for (const at of ['/__proto__', '/constructor', '/toString', '/a/constructor/name'])
    assert.equal(valueAt(root, at), undefined, at)
})

test('a member named __proto__ is a member like any other', () => {
  assert.equal(valueAt(JSON.parse('{"__proto__": {"x": 1}}') as Json, '/__proto__/x'), 1)
})

test('an array index is plain decimal digits and nothing else', () => {
  assert.equal(indexOf('0'), 0)
  assert.equal(indexOf('120'), 120)
  for (const key of ['', '-0', '00', '1.0', ' 1', '1e3', '0x1', '١', 'NaN', '9'.repeat(40)])
    assert.equal(indexOf(key), undefined, key)
})

test('null and arrays are no objects', () => {
  assert.deepEqual([isObject({}), isObject(null), isObject([]), isObject('x')], [true, false, false, false])
})
