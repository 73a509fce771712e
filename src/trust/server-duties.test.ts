import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import type { LockFile } from './lock-file.ts'
import { dutiesOf } from './server-duties.ts'

const day = 86_400_000
const start = Date.parse('2026-01-01T00:00:00.000Z')

function entered(owner = 'me'): LockFile {
  const at = new Date(start).toISOString()
  const server = { active: 'npm:a@1.0.0', previous: [], owner, why: 'notes', addedAt: at, reviewedAt: at }
  return { version: 1, packages: {}, servers: { s: { ...server, reviewDays: 90 } } }
}

test('servers that nobody uses, reviews or owns are named', proves('C6.needed', 'C6.schedule'), () => {
  const all = dutiesOf(entered(''), () => undefined, start + 100 * day)
  assert.deepEqual(
    all.map(({ what }) => what),
    ['unused', 'review due', 'no owner'],
  )
  assert.deepEqual(
    dutiesOf(entered(), () => start + 99 * day, start + 80 * day),
    [],
  )
})
