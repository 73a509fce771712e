import assert from 'node:assert/strict'
import test from 'node:test'
import { localTenant, type Principal, type ServerName, type SessionId } from '../core/brand.ts'
import type { AuditEvent } from '../core/port.ts'
import { decode, encode, genesis, lineCharsMax } from './chain.ts'
import { redactText } from './redact.ts'

const event: AuditEvent = {
  kind: 'call',
  atMs: 1_763_831_540_123,
  tenant: localTenant,
  session: 's1' as SessionId,
  principal: 'someone' as Principal,
  server: 'files' as ServerName,
  message: 'm1',
  severity: 'high',
  details: { tool: redactText('read_file'), n: 1, ok: true, list: [null, redactText('a"b')] },
}

test('a record is read back as it was written, and names what it follows', () => {
  const first = encode(event, genesis('20261122T171220123-abcd'))
  const second = encode(event, first.head)
  const decoded = decode(second.line.trimEnd())
  assert.ok('record' in decoded)
  const { prev_event, fingerprint, ...rest } = decoded.record
  assert.equal(prev_event, first.head.fingerprint)
  assert.equal(fingerprint, second.head.fingerprint)
  assert.deepEqual(rest, {
    chain_uid: '20261122T171220123-abcd',
    sequence: 2,
    time: 1_763_831_540_123,
    kind: 'call',
    severity: 'high',
    tenant_uid: 'local',
    session_uid: 's1',
    user_uid: 'someone',
    server: 'files',
    correlation_uid: 'm1',
    details: { tool: 'read_file', n: 1, ok: true, list: [null, 'a"b'] },
  })
})

test('no single character of a line can be changed, added or taken away', () => {
  const line = encode(event, genesis('20261122T171220123-abcd')).line.trimEnd()
  for (let at = 0; at < line.length; at++) {
    const other = line[at] === '0' ? '1' : '0'
    for (const changed of [
      line.slice(0, at) + other + line.slice(at + 1),
      line.slice(0, at) + line.slice(at + 1),
      `${line.slice(0, at)} ${line.slice(at)}`,
    ])
      assert.ok('wrong' in decode(changed), `${at}: ${changed}`)
  }
})

test('ids cannot carry control characters, length or a second record', () => {
  const hostile = `x\u001b[31m\n","sequence":99,"y":"${'z'.repeat(1000)}` as ServerName
  const { line } = encode({ ...event, server: hostile }, genesis('20261122T171220123-abcd'))
  const decoded = decode(line.trimEnd())
  assert.ok('record' in decoded)
  assert.equal(decoded.record.sequence, 1)
  assert.ok((decoded.record.server?.length ?? 0) < 300)
  assert.equal(line.indexOf('\n'), line.length - 1)
})

test('details beyond the limit are cut down to what is short, and the record says so', () => {
  const details = { tool: redactText('read_file'), big: Array.from({ length: 60_000 }, () => redactText('abc')) }
  const { line } = encode({ ...event, details }, genesis('20261122T171220123-abcd'))
  assert.ok(line.length < lineCharsMax)
  const decoded = decode(line.trimEnd())
  assert.ok('record' in decoded)
  assert.equal(decoded.record.details['tool'], 'read_file')
  assert.match(String(decoded.record.details['cut']), /too many to record/u)
})

test('what is no record is unreadable, never an exception', () => {
  for (const line of ['', '{}', 'null', '[]', `{"a":1,"fingerprint":"${'0'.repeat(64)}"}`, '\u0000'.repeat(500)])
    assert.deepEqual('wrong' in decode(line) && (decode(line) as { wrong: string }).wrong, 'unreadable', line)
})
