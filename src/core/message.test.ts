import assert from 'node:assert/strict'
import test from 'node:test'
import { kinds, type Message } from './message.ts'

test('every kind is listed once', () => {
  assert.equal(new Set(kinds).size, kinds.length)
  assert.ok(kinds.includes('tool.call') && kinds.includes('other') && kinds.includes('elicitation.result'))
})

test('a message of one kind is a message of any of several', () => {
  const read = (message: Message<'tool.call'>): Message<'tool.call' | 'tool.result'> => message
  const tool = (message: Message<'sampling.request'>) => message.body.params
  assert.equal(typeof read, typeof tool)
})
