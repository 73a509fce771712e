import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, sceneOf, toolOf } from '../../test/situation.ts'
import type { Finding } from '../core/finding.ts'
import type { JsonObject } from '../core/json.ts'
import { fitCuts } from './cut.ts'

const at = '/result/structuredContent/a'
const finding: Finding = {
  rule: 'secrets/x',
  severity: 'high',
  confidence: 'certain',
  at,
  facts: {},
  fix: [{ at, from: 0, to: 4, put: '[redacted]' }],
}
const message = messageOf({ kind: 'tool.result', tool: 't', args: {}, result: { structuredContent: { a: '1234' } } })
const fitted = (a: JsonObject) => {
  const outputSchema = { type: 'object', properties: { a } }
  return fitCuts([finding], message, sceneOf({ tool: toolOf({ name: 't', outputSchema }) }))[0]?.fix
}

test('a cut that the schema accepts stays as it is', () => {
  assert.deepEqual(fitted({ type: 'string' }), finding.fix)
})

test('a length is kept by a mask, digits by zeros, and what nothing fits has no cut', () => {
  assert.deepEqual(fitted({ type: 'string', maxLength: 4 }), [{ at, from: 0, to: 4, put: '****' }])
  assert.deepEqual(fitted({ type: 'string', pattern: '^[0-9]{4}$' }), [{ at, from: 0, to: 4, put: '0000' }])
  assert.equal(fitted({ const: '1234' }), undefined)
})

test('without an output schema nothing is changed', () => {
  assert.deepEqual(fitCuts([finding], message, sceneOf()), [finding])
})
