import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { auditFolder, chainFiles, recordChain } from '../../test/audit/recorded.ts'
import { fc } from '../../test/property.ts'
import { auditExport, csvCell, exportFormats } from './export.ts'

test('each format has a line for each record', async t => {
  const folder = auditFolder(t)
  await recordChain(folder, 5)
  for (const format of exportFormats) {
    const text = (await Array.fromAsync(auditExport(folder, { format, filter: { kind: 'call' } }))).join('')
    const lines = text.trimEnd().split(/\r?\n/u)
    assert.equal(lines.length, format === 'csv' ? 6 : 5)
    if (format !== 'csv') for (const line of lines) assert.equal(typeof JSON.parse(line), 'object')
    else
      assert.match(
        lines[1] ?? '',
        /^"2026-11-22T00:00:00\.000Z","call","info","local","someone","s1","files","read_file","allow"/u,
      )
  }
})

test('an exported line is the recorded one to the byte, so its fingerprint still holds', async t => {
  const folder = auditFolder(t)
  await recordChain(folder, 5)
  const text = (await Array.fromAsync(auditExport(folder, { format: 'jsonl' }))).join('')
  assert.equal(
    text,
    chainFiles(folder)
      .map(file => readFileSync(file, 'utf8'))
      .join(''),
  )
  const events = await Array.fromAsync(auditExport(folder, { format: 'ocsf' }))
  assert.equal(events.map(line => `${JSON.parse(line).raw_data}\n`).join(''), text)
})

test('a cell can neither break out of its place nor begin a formula', () => {
  assert.equal(csvCell('=cmd|"/c calc"!A1'), '"\'=cmd|""/c calc""!A1"')
  for (const text of ['+1', '-1', '@SUM(A1)', ' =1', '\t=1', '＝1', '"=1', "'=1", '%0', '|x'])
    assert.match(csvCell(text), /^"'/u, text)
  assert.equal(csvCell(-5), '"-5"')
  assert.equal(csvCell(undefined), '""')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const cell = csvCell(text)
      assert.doesNotMatch(cell.slice(1, -1).replaceAll('""', ''), /"/u)
      assert.doesNotMatch(cell, /^"[=+\-@\t\r]/u)
    }),
  )
})
