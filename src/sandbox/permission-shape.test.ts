import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { isObject } from '../core/json.ts'
import { permissionSchema } from './permission-schema.ts'
import { limitRanges, readShape } from './permission-shape.ts'

/** Values that belong into a document somewhere, and what people and attackers write in their place. */
const odd = fc.oneof(
  fc.constantFrom(null, undefined, '', 'none', 'any', 'x', 0, 1, 16, 1.5, -1, 2 ** 53, true, false, [], {}, [1]),
  fc.constantFrom(['a'], [''], ['a', null], [[]], { hosts: [] }, { hosts: ['a'] }, { hosts: ['a'], x: 1 }, { a: 'b' }),
  fc.constantFrom(Array(65).fill('p'), Array(257).fill('p'), 'p'.repeat(1025), 'p'.repeat(32_769), ['p'.repeat(301)]),
)
const texts = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 })
const limits = fc.record(
  Object.fromEntries(
    Object.entries(limitRanges).map(([name, [min, max]]) => [
      name,
      fc.oneof({ weight: 30, arbitrary: fc.integer({ min, max }) }, odd, fc.constantFrom(min - 1, max + 1)),
    ]),
  ),
  { requiredKeys: [] },
)
const often = <T>(good: fc.Arbitrary<T>) => fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: odd })
const document = fc.record(
  {
    schema: often(fc.constant(1)),
    command: often(texts),
    cwd: often(fc.string({ minLength: 1, maxLength: 9 })),
    files: often(
      fc.record({ read: often(texts), write: often(texts), staging: often(fc.boolean()) }, { requiredKeys: [] }),
    ),
    net: often(fc.constantFrom('none', { hosts: ['a:1'] })),
    env: often(fc.dictionary(fc.string({ maxLength: 5 }), often(fc.string({ maxLength: 5 })), { maxKeys: 3 })),
    children: often(fc.oneof(fc.constantFrom('none', 'any'), texts)),
    unixSockets: often(fc.boolean()),
    limits: often(limits),
    reason: often(fc.string()),
    author: often(fc.string()),
  },
  { requiredKeys: [], noNullPrototype: true },
)

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  )

test('the reader and the schema take the same documents and make the same of them', () => {
  let taken = 0
  const property = fc.property(
    fc.oneof(
      { weight: 9, arbitrary: document },
      odd,
      document.map(one => ({ ...one, other: 1 })),
    ),
    value => {
      // A variable of that name is one that the schema library leaves out without a word.
      const isProto = JSON.stringify(value ?? null).includes('__proto__')
      fc.pre(!isProto)
      const schema = permissionSchema.safeParse(value ?? {})
      const shape = readShape(value)
      assert.equal(shape.ok, schema.success, JSON.stringify([value, schema.error?.issues, shape]))
      if (!shape.ok) assert.ok(shape.problems.every(({ at, text }) => at !== '' && text !== ''))
      else {
        taken++
        // The schema keeps a member that is there and undefined.
        assert.equal(canonical(shape.permission), canonical(schema.data))
      }
    },
  )
  fc.assert(property, { numRuns: 4000 })
  assert.ok(taken > 200, `${taken} documents were taken, too few to mean much`)
})

test('each member alone, with each odd value, is taken by both or by none', () => {
  const names = 'schema command cwd files net env children unixSockets limits reason author nothing'.split(' ')
  for (const name of names)
    for (const value of fc.sample(odd, { numRuns: 120, seed: 7 })) {
      const alone = { [name]: value }
      assert.equal(readShape(alone).ok, permissionSchema.safeParse(alone).success, JSON.stringify(alone))
    }
})

test('a mistake is told with its place, what is expected there, and nothing of the value', () => {
  const shape = readShape({
    files: { read: ['a', 7], wirte: [] },
    limits: { pids: 1 },
    env: { TOKEN: ['hunter2'] },
    net: 'hunter2',
    children: 5,
  })
  assert.ok(!shape.ok)
  const text = shape.problems.map(({ at, text }) => `${at}: ${text}`).join('\n')
  assert.match(text, /^files\.read\[1\]: is not a text of 1 to 1024 characters$/mu)
  assert.match(text, /^files\.wirte: is not known here; known are read, write, staging$/mu)
  assert.match(text, /^limits\.pids: is not a whole number from 16 to 4096$/mu)
  assert.match(text, /^net: is neither none nor/mu)
  assert.match(text, /^children: is neither none, nor any/mu)
  assert.ok(!text.includes('hunter2'))
})

test('a variable named like the root of all objects is refused', () => {
  assert.equal(readShape({ env: JSON.parse('{"__proto__":"x"}') }).ok, false)
})
