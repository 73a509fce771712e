import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { auditQuery } from '../audit/query.ts'
import { redactText } from '../audit/redact.ts'
import { openApprovalLog } from './approval-log.ts'
import { who } from './who.ts'

test('what a person decides is on the record with who it was, and where it cannot be written the reason is said', async () => {
  const folder = layOut({ blocked: '' })
  const before = process.env['SALLYPORT_STATE']
  try {
    process.env['SALLYPORT_STATE'] = folder
    const log = await openApprovalLog('a test')
    assert.ok(typeof log !== 'string')
    log.write({ server: 'mail', severity: 'medium', details: { event: redactText('answer released') } })
    await log.close()
    const records = await Array.fromAsync(auditQuery(join(folder, 'audit'), { filter: { kind: 'approval' } }))
    assert.deepEqual(
      records.map(({ server, user_uid, details }) => [server, user_uid, details['event']]),
      [['mail', who(), 'answer released']],
    )
    process.env['SALLYPORT_STATE'] = join(folder, 'blocked')
    assert.match(String(await openApprovalLog('a test')), /blocked/u)
  } finally {
    if (before === undefined) delete process.env['SALLYPORT_STATE']
    else process.env['SALLYPORT_STATE'] = before
  }
})
