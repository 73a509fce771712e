import assert from 'node:assert/strict'
import test from 'node:test'
import { areGone } from '../../test/fixtures/alive.ts'
import { localTenant, type Redacted, type ServerName } from '../core/brand.ts'
import type { AuditEvent } from '../core/port.ts'
import { openEgress } from './egress.ts'

const skip = process.platform !== 'linux'
const name = 'weather' as ServerName

function options(events: AuditEvent[]) {
  const record = (event: AuditEvent) => void events.push(event)
  return { tenant: localTenant, record, redact: (text: string) => text as Redacted }
}

test('a prepared room is given to one server only, and closing ends them all', { skip }, async () => {
  const egress = openEgress({ ...options([]), ready: 2 })
  await egress.warm()
  const rooms = await Promise.all([egress.open(name, []), egress.open(name, [])])
  const pids = rooms.map(room => (room.kind === 'namespace' ? (room.enter[2] ?? '') : ''))
  assert.equal(new Set(pids).size, 2)
  await egress.close()
  assert.ok(await areGone(pids))
  await assert.rejects(egress.open(name, []), { code: 'closed' })
})

test('a room that ends by itself is on record, one that is closed is not', { skip }, async () => {
  const events: AuditEvent[] = []
  const egress = openEgress(options(events))
  const [lost, closed] = [await egress.open(name, []), await egress.open(name, [])]
  await closed.close()
  process.kill(lost.kind === 'namespace' ? Number(lost.enter[2]) : 0, 'SIGKILL')
  for (let i = 0; i < 100 && events.length === 0; i++) await new Promise(resolve => setTimeout(resolve, 10))
  assert.deepEqual(
    events.map(({ severity, details }) => [severity, details['what']]),
    [['high', 'room']],
  )
  await egress.close()
  assert.equal(events.length, 1)
})

test('without namespaces the room is a proxy with the same rules', async () => {
  const egress = openEgress({ ...options([]), kind: 'proxy' })
  const room = await egress.open(name, [])
  assert.equal(room.kind, 'proxy')
  assert.match(
    room.kind === 'proxy' ? (room.env['HTTPS_PROXY'] ?? '') : '',
    /^http:\/\/room:[0-9a-f]{48}@127\.0\.0\.1:\d+$/u,
  )
  await egress.close()
})
