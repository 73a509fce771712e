import assert from 'node:assert/strict'
import test from 'node:test'
import { defaultsOf, option } from './option.ts'

const options = {
  bytesMax: option.number({ about: 'size', default: 5, min: 1, max: 9 }),
  isStrict: option.boolean({ about: 'strictness', default: true }),
  name: option.text({ about: 'a name', default: 'x' }),
  mode: option.choice({ about: 'a mode', default: 'ask', of: ['ask', 'block'] }),
  hosts: option.list({ about: 'names', default: ['a'], maxItems: 3 }),
  perTool: option.map({
    about: 'by tool',
    each: { timeoutMs: option.number({ about: '', default: 1, min: 0, max: 2 }) },
  }),
  result: option.group({
    about: 'answers',
    each: { itemsMax: option.number({ about: '', default: 7, min: 0, max: 9 }) },
  }),
}

test('values that nobody set are the defaults; a map starts empty and a group is filled', () => {
  assert.deepEqual(defaultsOf(options), {
    bytesMax: 5,
    isStrict: true,
    name: 'x',
    mode: 'ask',
    hosts: ['a'],
    perTool: {},
    result: { itemsMax: 7 },
  })
})

test('the types of values follow from the options', () => {
  const values = defaultsOf(options)
  const mode: 'ask' | 'block' = values.mode
  const timeout: number | undefined = values.perTool['read_file']?.timeoutMs
  // @ts-expect-error a number is no string
  const wrong: string = values.bytesMax
  assert.deepEqual([mode, timeout, wrong], ['ask', undefined, 5])
})

test('each option says its kind', () => {
  assert.deepEqual(
    Object.values(options).map(({ kind }) => kind),
    ['number', 'boolean', 'text', 'choice', 'list', 'map', 'group'],
  )
})
