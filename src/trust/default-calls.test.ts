import assert from 'node:assert/strict'
import test from 'node:test'
import { defaultCalls, stableCalls } from './default-calls.ts'

const schema = (...required: string[]) => ({ type: 'object', properties: { a: { type: 'string' } }, required })

test('only tools that read and ask for nothing are called, in one order, and not too many', () => {
  const tools = {
    b: { name: 'read_graph', inputSchema: schema() },
    a: { name: 'list_files' },
    c: { name: 'read_file', inputSchema: schema('a') },
    d: { name: 'delete_all', inputSchema: schema() },
    e: { name: 'get_x', inputSchema: { anyOf: [schema('a')] } },
    f: { name: 'whatever', inputSchema: schema() },
    g: { name: 'read_and_send', inputSchema: schema() },
    h: { name: 'get_y', annotations: { destructiveHint: true, readOnlyHint: false } },
  }
  assert.deepEqual(
    defaultCalls(tools).map(({ tool }) => tool),
    ['list_files', 'read_graph'],
  )
  const many = Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`t${i}`, { name: `get_${i}` }]))
  assert.equal(defaultCalls(many).length, 20)
})

test('a call whose answer differs between two runs of the same version is left out', () => {
  const calls = ['time', 'graph', 'gone'].map(tool => ({ tool, arguments: {} }))
  assert.deepEqual(stableCalls(calls, ['10:00', { a: 1 }], ['10:01', { a: 1 }]), [calls[1]])
})
