import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { messageOf } from '../../test/situation.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { noPins } from './pin.ts'
import { canonical } from './surface-hash.ts'
import { isSameJson, newUnchanged } from './unchanged.ts'

const list = (items: readonly JsonObject[], nextCursor?: string) =>
  messageOf(
    { kind: 'server.surface', part: 'tools', items },
    { payload: { tools: items, ...(nextCursor === undefined ? {} : { nextCursor }) } },
  )

test('the same list is known again, another one and a page with more to come are not', () => {
  const unchanged = newUnchanged()
  const tools = [{ name: 'a', description: 'one' }, { name: 'b' }]
  assert.equal(unchanged.has(noPins, list(tools)), false)
  unchanged.note(noPins, list(tools))
  assert.equal(unchanged.has(noPins, list(structuredClone(tools))), true)
  assert.equal(unchanged.has(noPins, list([{ description: 'one', name: 'a' }, { name: 'b' }])), true)
  assert.equal(unchanged.has(noPins, list([...tools].reverse())), false)
  assert.equal(unchanged.has(noPins, list(tools, 'more')), false)
  assert.equal(unchanged.has({ ...noPins }, list(tools)), false)
})

test('a list of more than a mebibyte is not kept', () => {
  const unchanged = newUnchanged()
  const large = list([{ name: 'a', description: 'x'.repeat(1_100_000) }])
  unchanged.note(noPins, large)
  assert.equal(unchanged.has(noPins, large), false)
})

test('two values are the same exactly when their canonical spellings are', () => {
  const value = fc.letrec<{ json: Json }>(tie => ({
    json: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(null, true, 0, 1, '', 'a', '1'),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), tie('json'), { maxKeys: 3 }),
    ),
  })).json
  const run = fc.property(value, value, (a, b) => {
    const [x, y]: Json[] = [JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b))]
    assert.equal(isSameJson(x, y), canonical(x) === canonical(y))
    assert.ok(isSameJson(x, JSON.parse(JSON.stringify(x))))
  })
  fc.assert(run, { numRuns: 2000 })
})
