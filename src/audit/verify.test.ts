import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { auditFolder, chainFiles, editLines, recordChain } from '../../test/audit/recorded.ts'
import { openAuditLog } from './log.ts'
import { signerOf } from './sign.ts'
import { auditVerify, type VerifyReport } from './verify.ts'

async function recorded(t: TestContext, chains = 1): Promise<{ folder: string; files: string[]; key: string }> {
  const folder = auditFolder(t)
  for (let i = 0; i < chains; i++) await recordChain(folder, 10)
  return { folder, files: chainFiles(folder), key: readFileSync(join(folder, 'signing-key.pem.pub'), 'utf8') }
}

function faultsOf(report: VerifyReport): string[] {
  return report.faults.map(({ what, line }) => `${what}:${line}`)
}

/** What an attacker who knows the format would do: give every line a new fingerprint, so that the chain fits again. */
function rechained(lines: readonly string[]): string[] {
  let before = '0'.repeat(64)
  return lines.map((line, i) => {
    const body = line
      .replace(/,"prev_event":"[0-9a-f]{64}","fingerprint":"[0-9a-f]{64}"\}$/u, '')
      .replace(/"sequence":\d+/u, `"sequence":${i + 1}`)
    const signed = `${body},"prev_event":"${before}"`
    before = hash('sha256', signed, 'hex')
    return `${signed},"fingerprint":"${before}"}`
  })
}

test('what was written verifies, with the public key alone, also as a copy elsewhere', async t => {
  const { folder, key } = await recorded(t, 3)
  const copy = auditFolder(t)
  for (const file of chainFiles(folder)) cpSync(file, join(copy, file.slice(folder.length + 1)))
  const report = await auditVerify(copy, { publicKey: key })
  assert.deepEqual(report.faults, [])
  assert.equal(report.isIntact, true)
  assert.equal(report.chains.length, 3)
  for (const chain of report.chains) {
    assert.equal(chain.state, 'ended')
    assert.equal(chain.signedThrough, chain.head.sequence - 1)
  }
  assert.equal(report.key?.from, 'given')
})

test('every single changed byte is found, and the line is named', async t => {
  const { folder, files } = await recorded(t)
  const [file = ''] = files
  const whole = readFileSync(file)
  for (let at = 0; at < whole.length; at += 37) {
    const changed = Buffer.from(whole)
    changed[at] = (changed[at] ?? 0) ^ 1
    writeFileSync(file, changed)
    const report = await auditVerify(folder)
    const line = whole.subarray(0, at).filter(byte => byte === 10).length + 1
    assert.equal(report.isIntact, false, `byte ${at}`)
    assert.ok(
      Math.abs((report.faults[0]?.line ?? 0) - line) <= 1,
      `byte ${at} of line ${line}: ${faultsOf(report).join()}`,
    )
  }
})

const harms: ReadonlyArray<readonly [string, (lines: string[]) => readonly string[], RegExp]> = [
  ['an edited record', lines => lines.with(3, lines[3]!.replace('"n":', '"m":')), /^edited:4$/u],
  ['a removed record', lines => lines.toSpliced(4, 1), /^removed:5$/u],
  ['two swapped records', lines => lines.with(4, lines[5]!).with(5, lines[4]!), /^removed:5,reordered:6/u],
  ['a repeated record', lines => lines.toSpliced(5, 0, lines[4]!), /^reordered:6/u],
  ['a line of noise', lines => lines.toSpliced(5, 0, 'noise'), /^unreadable:6/u],
  [
    'a record exchanged and fitted',
    lines => lines.with(3, rechained(lines.with(3, lines[3]!.replace('"n":', '"m":')))[3]!),
    /^inserted:/u,
  ],
  ['all records written anew', lines => rechained(lines.with(3, lines[3]!.replace('"n":', '"m":'))), /^signature:/u],
  ['a record removed and the rest written anew', lines => rechained(lines.toSpliced(3, 1)), /^signature:/u],
  [
    'every checkpoint taken away and the rest written anew',
    lines => rechained(lines.filter(line => !line.includes('"checkpoint"'))),
    /^unsigned:/u,
  ],
]
for (const [what, harm, expected] of harms)
  test(`${what} is found and named with file and line`, async t => {
    const { folder, files } = await recorded(t)
    editLines(files[0] ?? '', harm)
    const report = await auditVerify(folder)
    assert.equal(report.isIntact, false)
    assert.match(faultsOf(report).join(), expected)
    assert.equal(join(folder, report.faults[0]?.file ?? ''), files[0])
  })

test('a cut end, a new start and a chain that is gone are told by the chain that came after', async t => {
  for (const [what, harm] of [
    ['truncated', (file: string) => editLines(file, lines => lines.slice(0, 8))],
    ['missing', (file: string) => rmSync(file)],
  ] as const) {
    const { folder, files } = await recorded(t, 2)
    harm(files[0] ?? '')
    const report = await auditVerify(folder)
    assert.ok(
      report.faults.some(fault => fault.what === what),
      `${what}: ${faultsOf(report).join()}`,
    )
  }
})

test('a cut end of the last chain, and the last chain gone, are told by the end that its process left', async t => {
  for (const [what, harm] of [
    ['truncated', (file: string) => editLines(file, lines => lines.slice(0, 8))],
    ['missing', (file: string) => rmSync(file)],
  ] as const) {
    const { folder, files } = await recorded(t)
    harm(files[0] ?? '')
    assert.deepEqual(
      (await auditVerify(folder)).faults.map(fault => fault.what),
      [what],
    )
  }
})

test('a cut end of the last chain is told by an end that was noted elsewhere, and shows as unfinished', async t => {
  const { folder, files } = await recorded(t)
  const { chains } = await auditVerify(folder)
  editLines(files[0] ?? '', lines => lines.slice(0, 8))
  rmSync(join(folder, `${chains[0]?.chain}.head`))
  const alone = await auditVerify(folder)
  assert.equal(alone.chains[0]?.state, 'unfinished')
  const witnessed = await auditVerify(folder, { expect: chains.map(({ head }) => head) })
  assert.deepEqual(
    witnessed.faults.map(({ what }) => what),
    ['truncated'],
  )
})

test('an end noted in the middle of a chain that went on is still so', async t => {
  const folder = auditFolder(t)
  const log = openAuditLog({ folder })
  const noted = log.head
  await log.close()
  assert.equal((await auditVerify(folder, { expect: [noted] })).isIntact, true)
  assert.equal((await auditVerify(folder, { expect: [{ ...noted, fingerprint: '0'.repeat(64) }] })).isIntact, false)
})

test('a record signed with another key is told from the right one', async t => {
  const { folder, key } = await recorded(t)
  const other = auditFolder(t)
  signerOf(join(other, 'signing-key.pem'))
  await recordChain(other, 10)
  for (const file of chainFiles(other)) cpSync(file, join(folder, file.slice(other.length + 1)))
  const report = await auditVerify(folder, { publicKey: key })
  assert.ok(report.faults.length > 0)
  assert.ok(report.faults.every(({ what }) => what === 'key'))
})

test('a record of one chain does not pass in another, nor a chain under another name', async t => {
  const { folder, files } = await recorded(t, 2)
  renameSync(files[0] ?? '', join(folder, '20200101T000000000-abcdef12.0001.jsonl'))
  const report = await auditVerify(folder)
  assert.ok(report.faults.some(({ what }) => what === 'inserted'))
  assert.ok(report.faults.some(({ what }) => what === 'missing'))
})

test('a chain that is being written is open, not torn', async t => {
  const folder = auditFolder(t)
  const log = openAuditLog({ folder })
  const report = await auditVerify(folder)
  assert.equal(report.chains[0]?.state, 'open')
  assert.equal(report.isIntact, true)
  await log.close()
})

test('an empty folder is intact and holds nothing', async t => {
  const report = await auditVerify(auditFolder(t))
  assert.deepEqual(report, { isIntact: true, records: 0, chains: [], faults: [], faultsMore: 0, key: undefined })
})
