import assert from 'node:assert/strict'
import test from 'node:test'
import { misspelled } from './names.ts'

const call = (params: Record<string, string>) => misspelled({ kind: 'request', id: 1, method: 'tools/call', params })

test('a member that Go would take for the tool name is told', () => {
  for (const key of ['Name', 'NAME', 'Arguments', 'argument\u017f', 'ta\u017fk', '_Meta', 'tas\u212a'])
    assert.match(call({ name: 'safe', [key]: 'evil' }) ?? '', /letter case/u, key)
})

test('names as MCP writes them, and names it does not know, pass', () => {
  assert.equal(call({ name: 'a', _meta: 'b', progressToken: 'c', 'x-own': 'd', Names: 'e' }), undefined)
})

test('results are looked at, errors and tool arguments are not', () => {
  assert.match(misspelled({ kind: 'result', id: 1, result: { content: [], Content: [] } }) ?? '', /"content"/u)
  assert.equal(misspelled({ kind: 'request', id: 1, method: 'x', params: { arguments: { Name: 1 } } }), undefined)
})
