import assert from 'node:assert/strict'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'
import { lineOf, moment } from './audit.ts'

test('a moment is a date or how long ago it was', () => {
  assert.equal(moment('2026-11-22T10:00:00Z'), Date.UTC(2026, 10, 22, 10))
  assert.equal(moment('15m', 1_000_000_000), 1_000_000_000 - 900_000)
  assert.throws(() => moment('yesterday'), /how long ago/u)
})

test('kinds and verdicts that there are not are refused, and not searched for', async () => {
  const folder = layOut({})
  for (const words of [
    ['--kind', 'cal'],
    ['--verdict', 'nah'],
  ]) {
    const { code, err } = await command(['audit', 'query', ...words], { folder })
    assert.equal(code, 2)
    assert.match(err, /there are (?:call, result|allow, rewrite)/u)
  }
})

test('a record is one line whatever stands in it', () => {
  const details = { tool: 'x\n\u001b[31mred', verdict: 'block', rules: ['policy:p'] }
  const record = {
    time: 0,
    kind: 'call',
    severity: 'high',
    server: 's',
    details,
    chain_uid: 'c',
    sequence: 1,
    tenant_uid: 'local',
    prev_event: '',
    fingerprint: '',
  }
  const line = lineOf(record)
  assert.doesNotMatch(line, /[\n\u001b]/u)
  assert.match(line, /high\s+call\s+block\s+s x.*\(policy:p\)/u)
})

test('a file in the place of the folder of the record is said to be one, and proves nothing', async () => {
  const folder = layOut({ 'exported.jsonl': '{}\n' })
  for (const words of [['verify'], ['query'], ['export', '--format', 'csv']]) {
    const { code, err } = await command(['audit', ...words, '--folder', 'exported.jsonl'], { folder })
    assert.equal(code, 2, words[0])
    assert.match(err, /exported\.jsonl is a file: name the folder of the record/u)
  }
})
