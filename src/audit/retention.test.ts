import assert from 'node:assert/strict'
import { existsSync, readdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditFolder, callEvent, chainFiles, recordChain } from '../../test/audit/recorded.ts'
import { openAuditLog } from './log.ts'
import { dropsIn } from './retention.ts'
import { auditVerify } from './verify.ts'

const nowMs = Date.now()
const lenient = { keepDays: 90, keepBytes: 1e9 }

test('nothing young and small is dropped, nor what is written now, nor what no later chain has named', async t => {
  const folder = auditFolder(t)
  await recordChain(folder, 5)
  const [file = ''] = chainFiles(folder)
  utimesSync(file, 1, 1)
  assert.deepEqual(dropsIn(folder, lenient, nowMs), [], 'its end is not named yet')
  const log = openAuditLog({ folder })
  for (let i = 0; i < 500 && readdirSync(folder).some(name => name.endsWith('.head')); i++) await sleep(20)
  assert.equal(dropsIn(folder, lenient, nowMs).length, 1)
  assert.equal(dropsIn(folder, { keepDays: 90, keepBytes: 0 }, nowMs).length, 1, 'the open chain stays')
  await log.close()
})

test('old files go with a record that explains it, and what is left still verifies', async t => {
  const folder = auditFolder(t)
  for (let i = 0; i < 3; i++) await recordChain(folder, 20)
  const many = openAuditLog({ folder, rotateBytes: 3000 })
  for (let n = 0; n < 20; n++) many.append(callEvent(n))
  await many.close()
  const before = chainFiles(folder)
  for (const file of before.slice(0, 5)) utimesSync(file, 1, 1)
  const log = openAuditLog({ folder, retention: lenient, retentionMs: 500 })
  for (let i = 0; i < 500 && before.slice(0, 5).some(file => existsSync(file)); i++) await sleep(20)
  await log.close()
  const left = chainFiles(folder)
  for (const file of before.slice(0, 5)) assert.ok(!left.includes(file), file)
  for (const file of before.slice(5)) assert.ok(left.includes(file), file)
  assert.deepEqual((await auditVerify(folder)).faults, [])
  const after = openAuditLog({ folder })
  await after.close()
  assert.deepEqual((await auditVerify(folder)).faults, [])
  assert.ok(
    readdirSync(folder).every(name => !name.endsWith('.lock')),
    join(folder),
  )
})
