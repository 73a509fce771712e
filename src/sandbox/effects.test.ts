import assert from 'node:assert/strict'
import test from 'node:test'
import type { Effect, Tool } from '../core/capability.ts'
import { checkEffects } from './effects.ts'
import { readPermission } from './permission.ts'

function found(tools: readonly Tool[], value: unknown): string[] {
  const reading = readPermission(value, { cwd: '/proj/app', home: '/home/ann' })
  assert.ok(reading.ok)
  return checkEffects(tools, reading.permission).map(({ rule, facts }) => `${rule} ${facts['needs'] ?? facts['given']}`)
}

const tool = (name: string, ...effects: Effect[]): Tool => ({ name, definition: { name }, effects })

test('a tool that says it sends, writes or runs what its server cannot is found', () => {
  assert.deepEqual(found([tool('send_mail', 'send')], {}), ['sandbox/effect-not-permitted net.hosts'])
  assert.deepEqual(found([tool('write_file', 'write')], {}), ['sandbox/effect-not-permitted files.write'])
  assert.deepEqual(found([tool('run', 'execute')], {}), ['sandbox/effect-not-permitted children'])
})

test('a tool that says nothing, or says that it only reads, promised no writing', () => {
  const definition = { name: 'add_numbers', annotations: { readOnlyHint: true } }
  assert.deepEqual(found([tool('sequence', 'write')], {}), [])
  assert.deepEqual(found([{ name: 'add_numbers', definition, effects: ['read', 'write'] }], {}), [])
})

test('a permission that no tool needs is found', () => {
  const clock = [tool('show_clock', 'read')]
  assert.deepEqual(found(clock, { net: { hosts: ['a.example'] } }), ['sandbox/permission-not-used net.hosts'])
  assert.deepEqual(found(clock, { files: { write: ['./x'] } }), ['sandbox/permission-not-used files.write'])
  assert.deepEqual(found(clock, { children: ['git'] }), ['sandbox/permission-not-used children'])
})

test('what fits is not found', () => {
  assert.deepEqual(found([tool('send', 'send')], { net: { hosts: ['a.example'] } }), [])
  assert.deepEqual(found([tool('search_web', 'read')], { net: { hosts: ['a.example'] } }), [])
  assert.deepEqual(found([tool('create_issue', 'write')], { net: { hosts: ['a.example'] } }), [])
  assert.deepEqual(found([tool('write_file', 'write')], { files: { write: ['./x'] } }), [])
  assert.deepEqual(found([tool('read_file', 'read')], { files: { read: ['./x'] } }), [])
  assert.deepEqual(found([], { net: { hosts: ['a.example'] } }), [], 'before tools are listed nothing is known')
})
