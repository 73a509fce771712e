import assert from 'node:assert/strict'
import { appendFileSync, existsSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { auditFolder, chainFiles, recordChain } from '../../test/audit/recorded.ts'
import { lastLine, leaveHead, recover } from './recover.ts'

test('the last whole line is found, however long the rest behind it', t => {
  const file = join(auditFolder(t), 'a')
  for (const [text, end, line] of [
    ['', 0, undefined],
    ['half', 0, undefined],
    ['one\n', 4, 'one'],
    ['one\ntwo\n', 8, 'two'],
    [`one\ntwo\n${'\u0000'.repeat(200_000)}`, 8, 'two'],
    [`one\n${'x'.repeat(150_000)}\n`, 150_005, 'x'.repeat(150_000)],
  ] as const) {
    writeFileSync(file, text)
    assert.deepEqual(lastLine(file), { end, line, size: text.length })
  }
})

test('a chain cut at any byte of its last line is finished: the rest is kept, the head is the line before', async t => {
  const source = auditFolder(t)
  await recordChain(source, 2)
  const [file = ''] = chainFiles(source)
  const bytes = readFileSync(file)
  const lines = bytes.toString().trimEnd().split('\n')
  const last = bytes.length - (lines.at(-1)?.length ?? 0) - 1
  for (let cut = last; cut < bytes.length; cut += 97) {
    const folder = auditFolder(t)
    const copy = join(folder, file.slice(source.length + 1))
    writeFileSync(copy, bytes.subarray(0, cut))
    writeFileSync(copy.replace('.0001.jsonl', '.lock'), '')
    const { heads, torn } = recover(folder, Date.now())
    assert.equal(heads[0]?.fingerprint, JSON.parse(lines.at(-2) ?? '').fingerprint)
    assert.equal(readFileSync(copy).length, last)
    assert.equal(torn[0]?.bytes ?? 0, cut - last)
    if (cut > last) assert.deepEqual(readFileSync(`${copy}.torn`), bytes.subarray(last, cut))
  }
})

test('a process that is starting, half a head file and a chain without an end do no harm', t => {
  const folder = auditFolder(t)
  const chain = '20261122T171220123-abcdef12'
  writeFileSync(join(folder, `${chain}.lock`), '')
  writeFileSync(join(folder, '20261122T171220124-abcdef12.head'), '{"chain":"x"')
  assert.deepEqual(recover(folder, Date.now()).heads, [])
  assert.equal(existsSync(join(folder, `${chain}.lock`)), true)
  utimesSync(join(folder, `${chain}.lock`), 1, 1)
  appendFileSync(join(folder, `${chain}.0001.jsonl`), 'noise\n')
  assert.deepEqual(recover(folder, Date.now()).heads, [])
  assert.equal(existsSync(join(folder, `${chain}.lock`)), false)
  truncateSync(join(folder, `${chain}.0001.jsonl`))
})

test('an end that was left is gathered until a record names it', t => {
  const folder = auditFolder(t)
  const head = { chain: '20261122T171220123-abcdef12', sequence: 9, fingerprint: 'f' }
  leaveHead(folder, head)
  const found = recover(folder, Date.now())
  assert.deepEqual(found.heads, [head])
  assert.deepEqual(found.headFiles, [join(folder, `${head.chain}.head`)])
})
