import assert from 'node:assert/strict'
import test from 'node:test'
import { applyEdits } from '../core/edit.ts'
import { boundedFindings, evidenceOf, excerptUnits, findingsMax, shown } from './evidence.ts'
import { readMessage } from './reading.ts'

test('evidence leads to the field, and its fix leaves the rest as it was', () => {
  const payload = { content: [{ type: 'text', text: 'one two three' }] }
  const reading = readMessage({ root: '/result', payload })
  const { at, span, fix, facts } = evidenceOf(reading, { view: reading.plain, span: [4, 7], put: '[cut]' })
  assert.deepEqual([at, span, facts['excerpt']], ['/result/content/0/text', [4, 7], 'two'])
  const after = { result: { content: [{ type: 'text', text: 'one [cut] three' }] } }
  assert.deepEqual(applyEdits({ result: payload }, fix ?? []), after)
})

test('an excerpt is short and printable', () => {
  assert.equal(shown('a\u200b\n\u0007b'), 'a b')
  assert.equal(shown('x'.repeat(500)).length, excerptUnits)
})

test('many findings become few, and no fix is lost', () => {
  const all = Array.from(
    { length: 40 },
    (_, i) =>
      ({
        rule: 'x/y',
        severity: 'low',
        confidence: 'possible',
        at: '',
        facts: {},
        fix: [{ at: `/${i}`, remove: true }],
      }) as const,
  )
  const told = boundedFindings(all)
  assert.equal(told.length, findingsMax)
  assert.equal(told.flatMap(({ fix }) => fix ?? []).length, 40)
})
