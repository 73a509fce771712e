import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { auditQuery } from '../audit/query.ts'
import { auditVerify } from '../audit/verify.ts'
import { defaultConfig } from '../config/defaults.ts'
import type { ServerName } from '../core/brand.ts'
import { guards } from '../guards/index.ts'
import { openPorts, type Ports } from './open-ports.ts'

const files = 'files' as ServerName

/** Ports on a state folder of their own. */
function portsIn(folder: string, say: (text: string) => void = () => {}): Ports {
  process.env['SALLYPORT_STATE'] = folder
  return openPorts({ config: defaultConfig(guards), accept: ['none'], say })
}

async function recordsIn(folder: string) {
  return Array.fromAsync(auditQuery(join(folder, 'audit')))
}

test('a broken server is on record with an alert, and the record is closed whole', async () => {
  const folder = layOut({})
  const ports = portsIn(folder)
  ports.recordState(files, { kind: 'broken', why: 'it crashed', hasRun: true, retryAtMs: 0 })
  ports.recordOddity(files, { code: 'stderr', detail: '', sample: 'hello' })
  await ports.close()
  const records = await recordsIn(folder)
  const events = records.map(({ details }) => details['event'] ?? details['code'])
  assert.deepEqual(events, ['start', 'broken', 'alert', 'stderr', 'stop', 'checkpoint'])
  assert.equal((await auditVerify(join(folder, 'audit'))).isIntact, true)
})

test('what was said in secret is not what the record keeps', async () => {
  const folder = layOut({})
  const ports = portsIn(folder)
  const secret = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`
  ports.recordOddity(files, { code: 'stderr', detail: '', sample: `token ${secret}` })
  await ports.close()
  const text = JSON.stringify(await recordsIn(folder))
  assert.doesNotMatch(text, new RegExp(secret, 'u'))
})

test('a damaged session store is said, and is on record', async () => {
  const folder = layOut({ 'sessions.sqlite': 'this is no database, '.repeat(400) })
  const said: string[] = []
  const ports = portsIn(folder, text => said.push(text))
  await ports.close()
  assert.equal(said.length, 1)
  const records = await recordsIn(folder)
  assert.equal(records.filter(({ details }) => details['event'] === 'trouble').length, 1)
})

test('the record is closed even when the sessions cannot be', async () => {
  const folder = layOut({})
  const ports = portsIn(folder)
  ports.sessions.close = () => {
    throw new Error('the database is gone')
  }
  await assert.rejects(ports.close(), /the database is gone/u)
  const records = await recordsIn(folder)
  assert.ok(records.some(({ details }) => details['event'] === 'stop'))
})
