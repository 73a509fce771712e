import assert from 'node:assert/strict'
import test from 'node:test'
import * as z from 'zod'
import { guards } from '../guards/index.ts'
import { configSchema } from './schema.ts'

test('every guard can be set and switched off, and no other', () => {
  const schema = configSchema(guards)
  for (const { id } of guards) {
    assert.ok(schema.safeParse({ version: 1, guards: { [id]: false } }).success, id)
    assert.ok(schema.safeParse({ version: 1, guards: { [id]: {} } }).success, id)
    assert.ok(!schema.safeParse({ version: 1, guards: { [id]: true } }).success, id)
  }
  assert.ok(!schema.safeParse({ version: 1, guards: { nosuch: {} } }).success)
})

test('the settings of the gateway itself stay few', () => {
  const leaves = (schema: unknown): number => {
    if (typeof schema !== 'object' || schema === null) return 0
    const { properties, additionalProperties } = schema as z.core.JSONSchema.ObjectSchema
    const inner = [...Object.values(properties ?? {}), additionalProperties].filter(one => typeof one === 'object')
    return inner.length === 0 ? 1 : inner.reduce((sum: number, one) => sum + leaves(one), 0)
  }
  // Rules are a language and not settings; options of guards belong to the guards.
  const { policy: _, guards: __, ...rest } = z.toJSONSchema(configSchema([])).properties ?? {}
  const count = Object.values(rest).reduce((sum: number, one) => sum + leaves(one), 0)
  assert.ok(count > 20 && count < 60, String(count))
})

test('every setting has a sentence that says what it is', () => {
  const bare: string[] = []
  const look = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    const { properties, additionalProperties, anyOf, description } = schema as z.core.JSONSchema.ObjectSchema
    if (path.split('.').length > 2 && !description && !properties) bare.push(path)
    for (const [key, one] of Object.entries(properties ?? {})) look(one, `${path}.${key}`)
    if (typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0)
      for (const [key, one] of Object.entries(additionalProperties.properties ?? {})) look(one, `${path}.*.${key}`)
    for (const one of anyOf ?? [])
      if (typeof one === 'object' && one.properties) look({ properties: one.properties }, path)
  }
  const { policy: _, ...rest } = z.toJSONSchema(configSchema(guards)).properties ?? {}
  for (const [key, one] of Object.entries(rest)) look(one, `.${key}`)
  assert.deepEqual(bare, [])
})
