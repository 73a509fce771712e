import assert from 'node:assert/strict'
import test from 'node:test'
import { callEvent } from '../../test/audit/recorded.ts'
import { type AuditRecord, decode, encode, genesis } from './chain.ts'
import { type AuditFilter, matches } from './filter.ts'

function record(): AuditRecord {
  const decoded = decode(
    encode(callEvent(1, { severity: 'medium' }), genesis('20261122T171220123-abcd')).line.trimEnd(),
  )
  if (!('record' in decoded)) throw new Error(decoded.why)
  return decoded.record
}

test('each filter lets its own record through and nothing else', () => {
  const time = record().time
  const pairs: ReadonlyArray<readonly [AuditFilter, AuditFilter]> = [
    [{ sinceMs: time }, { sinceMs: time + 1 }],
    [{ untilMs: time }, { untilMs: time - 1 }],
    [{ tenant: 'local' }, { tenant: 'other' }],
    [{ session: 's1' }, { session: 's2' }],
    [{ principal: 'someone' }, { principal: 'anyone' }],
    [{ server: 'files' }, { server: 'file' }],
    [{ tool: 'read_file' }, { tool: 'read' }],
    [{ kind: 'call' }, { kind: 'result' }],
    [{ verdict: 'allow' }, { verdict: 'block' }],
    [{ severity: 'medium' }, { severity: 'high' }],
    [{ text: 'READ_FILE' }, { text: 'write_file' }],
  ]
  assert.equal(matches(record(), {}), true)
  for (const [yes, no] of pairs) {
    assert.equal(matches(record(), yes), true, JSON.stringify(yes))
    assert.equal(matches(record(), no), false, JSON.stringify(no))
    assert.equal(matches(record(), { ...yes, session: 's2' }), false)
  }
})

test('a severity that is not known is shown, not hidden', () => {
  assert.equal(matches({ ...record(), severity: 'dreadful' }, { severity: 'critical' }), true)
})
