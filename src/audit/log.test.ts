import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { localTenant } from '../core/brand.ts'
import type { AuditEvent } from '../core/port.ts'
import { type AuditRecord, decode } from './chain.ts'
import { type AuditLogOptions, openAuditLog } from './log.ts'

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function event(n: number): AuditEvent {
  return { kind: 'call', atMs: 1000 + n, tenant: localTenant, severity: 'info', details: { n } }
}

function recordsIn(folder: string): AuditRecord[] {
  const files = readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .sort()
  return files.flatMap(name =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => {
        const decoded = decode(line)
        if (!('record' in decoded)) throw new Error(`${name}: ${decoded.why}: ${line}`)
        return decoded.record
      }),
  )
}

function isLinked(records: readonly AuditRecord[]): boolean {
  return records.every((record, i) => {
    const before = records[i - 1]
    const starts = before === undefined || before.chain_uid !== record.chain_uid
    return starts
      ? record.sequence === 1
      : record.prev_event === before.fingerprint && record.sequence === before.sequence + 1
  })
}

for (const mode of ['relaxed', 'durable'] as const)
  test(`what was appended is in the file in order, chained and signed (${mode})`, async t => {
    const folder = folderOf(t)
    const log = openAuditLog({ folder, mode })
    await Promise.all(Array.from({ length: 2500 }, (_, n) => log.append(event(n))))
    await log.close()
    const records = recordsIn(folder)
    assert.ok(isLinked(records))
    const calls = records.filter(({ kind }) => kind === 'call').map(({ details }) => details['n'])
    assert.deepEqual(
      calls,
      Array.from({ length: 2500 }, (_, n) => n),
    )
    assert.ok(records.filter(({ details }) => details['event'] === 'checkpoint').length >= 1)
    assert.equal(records.at(-2)?.details['event'], 'stop')
    assert.equal(records.at(-1)?.details['event'], 'checkpoint')
  })

test('a relaxed append is with the kernel when it returns or its promise settles, and a turn shares one write', async t => {
  const folder = folderOf(t)
  const log = openAuditLog({ folder })
  const seen: unknown[] = []
  const look = () => seen.push(recordsIn(folder).at(-1)?.details['n'])
  assert.equal(log.append(event(1)), undefined)
  look()
  const second = Promise.resolve(log.append(event(2))).then(look)
  const third = Promise.resolve(log.append(event(3))).then(look)
  assert.equal(log.head.sequence, 2, 'nobody was answered, so nothing had to be written')
  await Promise.all([second, third])
  assert.deepEqual(seen, [1, 3, 3])
  await log.append(event(4))
  look()
  assert.deepEqual(seen, [1, 3, 3, 4])
  await log.close()
})

test('records of one turn that cannot be written are all refused, and counted when writing works again', async t => {
  const folder = folderOf(t)
  let isFull = false
  const log = openAuditLog({ folder, rotateBytes: 1000, now: () => (isFull ? Number.NaN : 1000) })
  await log.append(event(1))
  // A day that is no number rotates at each write, and the folder is gone: the new file cannot be made.
  rmSync(folder, { recursive: true })
  isFull = true
  const settled = await Promise.allSettled([log.append(event(2)), log.append(event(3))])
  assert.deepEqual(
    settled.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  mkdirSync(folder, { mode: 0o700 })
  await log.append(event(4))
  await log.close()
  const restored = recordsIn(folder).find(({ details }) => details['event'] === 'restored')
  assert.equal(restored?.details['refused'], 2)
})

test('durable callers that append again as soon as they are answered never stall', async t => {
  const folder = folderOf(t)
  const log = openAuditLog({ folder, mode: 'durable' })
  const caller = async (): Promise<void> => {
    for (let n = 0; n < 20; n++) await log.append(event(n))
  }
  await Promise.all(Array.from({ length: 16 }, caller))
  await log.close()
  assert.equal(recordsIn(folder).filter(({ kind }) => kind === 'call').length, 320)
})

test('the folder, the files and the key are for this user only', async t => {
  const folder = join(folderOf(t), 'made')
  const log = openAuditLog({ folder })
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  for (const name of readdirSync(folder).filter(name => !name.endsWith('.pub')))
    assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name)
  await log.close()
})

test('the next process finishes a chain that was left torn, keeps the rest beside it, and says so', async t => {
  const folder = folderOf(t)
  const first = openAuditLog({ folder })
  for (let n = 0; n < 3; n++) await first.append(event(n))
  const left = snapshotAsIfKilled(folder)
  await first.close()
  left.restore('{"half":')
  const second = openAuditLog({ folder })
  await second.close()
  const start = recordsIn(folder)
    .filter(({ details }) => details['event'] === 'start')
    .at(-1)
  assert.match(JSON.stringify(start?.details['torn']), /"bytes":8/u)
  assert.equal(start?.severity, 'medium')
  assert.match(
    JSON.stringify(start?.details['heads']),
    new RegExp(`"sequence":4,"fingerprint":"${left.fingerprint}"`, 'u'),
  )
  const torn = readdirSync(folder).filter(name => name.endsWith('.torn'))
  assert.equal(readFileSync(join(folder, torn[0] ?? ''), 'utf8'), '{"half":')
  assert.ok(isLinked(recordsIn(folder)))
  assert.deepEqual(
    readdirSync(folder).filter(name => name.endsWith('.lock')),
    [],
  )
})

/** The folder as kill -9 would have left it: the lock file is there, but nobody holds it. */
function snapshotAsIfKilled(folder: string): { fingerprint: string; restore(torn: string): void } {
  const chain = readdirSync(folder).find(name => name.endsWith('.jsonl')) ?? ''
  const text = readFileSync(join(folder, chain), 'utf8')
  const fingerprint = recordsIn(folder).at(-1)?.fingerprint ?? ''
  const restore = (torn: string): void => {
    for (const name of readdirSync(folder).filter(name => name.endsWith('.head'))) rmSync(join(folder, name))
    writeFileSync(join(folder, chain), text + torn)
    writeFileSync(join(folder, chain.replace('.0001.jsonl', '.lock')), '')
  }
  return { fingerprint, restore }
}

test('a chain that is being written is left alone by a second process', async t => {
  const folder = folderOf(t)
  const first = openAuditLog({ folder })
  await first.append(event(1))
  const second = openAuditLog({ folder })
  await Promise.all([second.append(event(2)), first.append(event(3))])
  await first.close()
  await second.close()
  assert.equal(new Set(recordsIn(folder).map(({ chain_uid }) => chain_uid)).size, 2)
  assert.ok(isLinked(recordsIn(folder)))
})

test('a full file and a new day each begin a new file of the same chain', async t => {
  const folder = folderOf(t)
  let nowMs = Date.UTC(2026, 10, 22, 23, 59)
  const log = openAuditLog({ folder, rotateBytes: 4000, now: () => nowMs })
  for (let n = 0; n < 30; n++) await log.append(event(n))
  const filesBefore = readdirSync(folder).filter(name => name.endsWith('.jsonl')).length
  nowMs += 120_000
  await log.append(event(30))
  const filesAfter = readdirSync(folder).filter(name => name.endsWith('.jsonl')).length
  await log.close()
  assert.ok(filesBefore >= 3)
  assert.equal(filesAfter, filesBefore + 1)
  assert.ok(isLinked(recordsIn(folder)))
})

test('a file that somebody removes or cuts while it is written is noticed, and recording goes on elsewhere', async t => {
  for (const harm of [rmSync, (path: string) => writeFileSync(path, '')]) {
    const folder = folderOf(t)
    const log = openAuditLog({ folder, checkpointRecords: 2 })
    await log.append(event(1))
    harm(join(folder, readdirSync(folder).find(name => name.endsWith('.jsonl')) ?? ''))
    await log.append(event(2))
    await log.append(event(3))
    await log.close()
    const touched = recordsIn(folder).filter(({ details }) => details['event'] === 'touched')
    assert.equal(touched.length, 1)
    assert.equal(touched[0]?.severity, 'critical')
  }
})

test('a folder or a key that others can use is refused with what to do', t => {
  const folder = folderOf(t)
  writeFileSync(join(folder, 'signing-key.pem'), 'x', { mode: 0o644 })
  assert.throws(() => openAuditLog({ folder }), { code: 'AUDIT_KEY', message: /chmod 600/u })
  const options: AuditLogOptions = { folder: join(folder, 'signing-key.pem') }
  assert.throws(() => openAuditLog(options), { code: /AUDIT_(?:FOLDER|IO)/u })
})

test('a closed log takes nothing and does nothing more', async t => {
  const log = openAuditLog({ folder: folderOf(t), checkpointMs: 5, syncMs: 5 })
  await log.append(event(1))
  const { head } = log
  await log.close()
  assert.throws(() => log.append(event(1)), { code: 'AUDIT_CLOSED' })
  await sleep(40)
  assert.equal(log.head.sequence, head.sequence + 2, 'no timer touches the closed file')
})
