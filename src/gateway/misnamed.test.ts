import assert from 'node:assert/strict'
import test from 'node:test'
import { misnamed } from './misnamed.ts'

test('only a name that is there and is no text is refused', () => {
  for (const params of [{ name: 'read' }, { name: '' }, {}])
    assert.equal(misnamed({ method: 'tools/call', params }), undefined)
  assert.equal(misnamed({ method: 'tools/list', params: { name: 7 } }), undefined)
  assert.equal(misnamed({ method: 'resources/read', params: { uri: ['a'] } })?.code, 'malformed')
  assert.equal(misnamed({ method: 'prompts/get', params: { name: null } })?.code, 'malformed')
})
