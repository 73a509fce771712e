import assert from 'node:assert/strict'
import test from 'node:test'
import * as z from 'zod'
import { defaultsOf, option } from '../core/option.ts'
import { guards } from '../guards/index.ts'
import { optionsSchema } from './option-schema.ts'

const options = {
  count: option.number({ default: 3, min: 1, max: 9, about: 'How many' }),
  isOn: option.boolean({ default: true, about: 'Whether' }),
  name: option.text({ default: 'a', pattern: '^[a-z]$', about: 'Which' }),
  mode: option.choice({ default: 'x', of: ['x', 'y'], about: 'How' }),
  items: option.list({ default: ['q'], maxItems: 2, about: 'What' }),
  each: option.map({ each: { size: option.number({ default: 1, min: 0, max: 5, about: 'Size' }) }, about: 'Per tool' }),
  deep: option.group({ each: { isOn: option.boolean({ default: false, about: 'Whether' }) }, about: 'More' }),
}

test('every kind of option takes what is right and refuses what is not', () => {
  const schema = optionsSchema(options)
  const right = {
    count: 9,
    isOn: false,
    name: 'z',
    mode: 'y',
    items: ['a', 'b'],
    each: { t: { size: 5 } },
    deep: { isOn: true },
  }
  assert.ok(schema.safeParse(right).success)
  assert.ok(schema.safeParse({}).success)
  const wrong = [
    ...[{ count: 10 }, { count: '3' }, { isOn: 1 }, { name: 'zz' }, { mode: 'z' }, { items: ['a', 'b', 'c'] }],
    ...[
      { items: [1] },
      { each: { t: { size: 6 } } },
      { each: { t: { siez: 1 } } },
      { deep: { off: true } },
      { more: 1 },
    ],
  ]
  for (const value of wrong) assert.ok(!schema.safeParse(value).success, JSON.stringify(value))
})

test('the JSON schema carries sentence and default of each option', () => {
  const { properties } = z.toJSONSchema(optionsSchema(options))
  assert.partialDeepStrictEqual(properties?.['count'], { description: 'How many', default: 3, minimum: 1, maximum: 9 })
})

test('the defaults of every guard fit its own schema', () => {
  for (const guard of guards) {
    const fits = optionsSchema(guard.options).safeParse(defaultsOf(guard.options))
    assert.ok(fits.success, `${guard.id}: ${fits.error?.message}`)
  }
})
