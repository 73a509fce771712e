import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { globOf } from '../core/glob.ts'
import { defaultsOf, option, valuesOf } from '../core/option.ts'
import { guards } from '../guards/index.ts'
import { laidOver, looseningsIn, wider } from './tighten.ts'

const options = {
  low: option.number({ default: 5, min: 0, max: 9, tighter: 'lower', about: '' }),
  high: option.number({ default: 5, min: 0, max: 9, tighter: 'higher', about: '' }),
  on: option.boolean({ default: false, tighter: 'true', about: '' }),
  off: option.boolean({ default: true, tighter: 'false', about: '' }),
  few: option.list({ default: ['a', 'b'], maxItems: 9, tighter: 'fewer', about: '' }),
  many: option.list({ default: ['a', 'b'], maxItems: 9, tighter: 'more', about: '' }),
  later: option.choice({ default: 'b', of: ['a', 'b', 'c'], tighter: 'later', about: '' }),
  fixed: option.text({ default: 'x', about: '' }),
  deep: option.group({
    each: { low: option.number({ default: 5, min: 0, max: 9, tighter: 'lower', about: '' }) },
    about: '',
  }),
  each: option.map({
    each: { low: option.number({ default: 5, min: 0, max: 9, tighter: 'lower', about: '' }) },
    about: '',
  }),
}

function loosened(set: Readonly<Record<string, unknown>>): string[] {
  return looseningsIn(options, defaultsOf(options), { set, path: [] }).map(({ path }) => path.join('.'))
}

test('every direction is kept, and staying is always allowed', () => {
  const tighter = { low: 4, high: 6, on: true, off: false, few: ['b'], many: ['b', 'c', 'a'], later: 'c' }
  assert.deepEqual(loosened({ ...tighter, fixed: 'x', deep: { low: 1 }, each: { tool: { low: 5 } } }), [])
  assert.deepEqual(loosened(defaultsOf(options)), [])
  const looser = { low: 6, high: 4, few: ['c'], many: ['a'], later: 'a' }
  assert.deepEqual(loosened({ ...looser, fixed: 'y', deep: { low: 6 }, each: { tool: { low: 6 } } }), [
    ...['low', 'high', 'few', 'many', 'later', 'fixed', 'deep.low', 'each.tool.low'],
  ])
})

test('what loosens says which way is free', () => {
  const [found] = looseningsIn(options, defaultsOf(options), { set: { low: 6 }, path: ['guards', 'x'] })
  assert.deepEqual(found, { path: ['guards', 'x', 'low'], text: 'may not be changed from 5 to 6 here; only lower' })
})

test('a pattern that is accepted under others fits nothing that they do not fit', () => {
  const pattern = fc.string({ unit: fc.constantFrom(...'ab*'), maxLength: 5 })
  const name = fc.string({ unit: fc.constantFrom(...'ab'), maxLength: 7 })
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 3 }), pattern, name, (above, below, tool) => {
      if (wider(above, [below]).length > 0 || !globOf(below)(tool)) return
      assert.ok(above.some(one => globOf(one)(tool)))
    }),
    { numRuns: 3000 },
  )
  assert.deepEqual(wider(['read_*'], ['read_file', 'read_*_all', '*', 'write']), ['*', 'write'])
  assert.deepEqual(wider(undefined, ['*']), [])
})

test('what is named for one tool alone is held against what held for it until then', () => {
  const low = option.number({ default: 5, min: 0, max: 9, tighter: 'lower', about: '' })
  const rates = { all: low, tools: option.map({ each: { low }, instead: { low: 'all' }, about: '' }) }
  const paths = (before: object, tools: object) =>
    looseningsIn(rates, valuesOf(rates, { ...before }), { set: { tools }, path: [] }).map(({ path }) => path.join('.'))
  assert.deepEqual(paths({ all: 2 }, { send: { low: 5 } }), ['tools.send.low'])
  assert.deepEqual(paths({ all: 2 }, { send: {} }), ['tools.send.low'], 'what is left out takes its default')
  assert.deepEqual(paths({ all: 2 }, { send: { low: 2 }, 'mail/send': { low: 1 } }), [])
  assert.deepEqual(paths({ tools: { send: { low: 1 } } }, { 'mail/send': { low: 2 } }), ['tools.mail/send.low'])
  assert.deepEqual(paths({ all: 1, tools: { send: { low: 4 } } }, { send: { low: 3 } }), [])
})

test('no project wins a tool more calls or more time than its user left it', () => {
  for (const [id, above, below] of [
    ['rate', { toolPerMinute: 3 }, { tools: { send: {} } }],
    ['rate', { tools: { send: { perMinute: 3 } } }, { tools: { 'mail/send': { perMinute: 60 } } }],
    ['timeout', { timeoutMs: 1000 }, { tools: { send: {} } }],
  ] as const) {
    const { options } = guards.find(one => one.id === id)!
    const found = looseningsIn(options, valuesOf(options, above), { set: below, path: [] })
    assert.ok(found.length > 0, JSON.stringify([id, above, below]))
  }
})

test('values are laid over each other as deep as options go', () => {
  const below = { low: 1, deep: { low: 1 }, each: { a: { low: 1 }, b: { low: 2 } } }
  const set = { high: 9, deep: { low: 0 }, each: { b: { low: 0 }, c: { low: 3 } } }
  assert.deepEqual(laidOver(options, below, set), {
    ...{ low: 1, high: 9, deep: { low: 0 } },
    each: { a: { low: 1 }, b: { low: 0 }, c: { low: 3 } },
  })
})

test('no guard can be loosened by setting it to its own defaults, and every guard can be compared', () => {
  for (const { id, options: its } of guards)
    assert.deepEqual(looseningsIn(its, defaultsOf(its), { set: defaultsOf(its), path: [] }), [], id)
})
