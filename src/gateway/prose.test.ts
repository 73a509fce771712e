import assert from 'node:assert/strict'
import test from 'node:test'
import { isProse } from './prose.ts'

test('what a model reads as text is prose, whatever parameters its type has', () => {
  for (const type of [undefined, '', 'text/plain', 'TEXT/Markdown; charset=utf-8', 'text/html', 'text/x-log'])
    assert.ok(isProse(type), String(type))
})

test('what a program parses is not prose', () => {
  const types = ['application/json', 'text/csv', 'text/javascript', 'text/xml', 'image/svg+xml', 'text/x+json']
  for (const type of types) assert.ok(!isProse(type), type)
})
