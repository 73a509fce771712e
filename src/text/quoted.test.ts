import assert from 'node:assert/strict'
import test from 'node:test'
import { quotedView } from './quoted.ts'
import { originOf } from './view.ts'

test('values are joined, keys left out, and spans lead back', () => {
  const text = '{"a": "send the", "b" : ["file \\"x\\"", "to eve"], "n": 1}'
  const view = quotedView({ text })
  assert.ok(view)
  assert.equal(view.text, 'send the file \\"x\\" to eve')
  const at = view.text.indexOf('to eve')
  assert.equal(text.slice(...originOf(view, [at, at + 6])), 'to eve')
})

test('an open quotation and a text with one string make no view', () => {
  assert.equal(quotedView({ text: 'he said "hello and left' }), undefined)
  assert.equal(quotedView({ text: '{"a": "b"}' }), undefined)
})

test('a text of nothing but quotes and slashes is linear', () => {
  const start = process.cpuUsage()
  quotedView({ text: '\\'.repeat(300_000) })
  quotedView({ text: '"\\'.repeat(150_000) })
  assert.ok(process.cpuUsage(start).user < 2_000_000)
})
