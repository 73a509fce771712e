import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { layOut } from '../../test/temporary.ts'
import { closedTo, userFor } from './other-user.ts'
import { realPathOf } from './real-path.ts'

test('a server gets the same user each time, one that nobody is', () => {
  assert.deepEqual(userFor('files'), userFor('files'))
  for (const name of ['a', 'b', 'files', '']) {
    const { uid, gid } = userFor(name)
    assert.ok(uid >= 61_184 && uid <= 65_519 && uid === gid)
  }
  assert.notEqual(userFor('a').uid, userFor('b').uid)
})

const stranger = { uid: 61_999, gid: 61_999 }

function planOf(read: string, write?: string) {
  const mount = (path: string) => ({ path, from: realPathOf(path)! })
  const program = realPathOf('/usr/bin/env') ?? realPathOf('/bin/sh')!
  const writes = write === undefined ? [] : [mount(write)]
  return samplePlan({ program, code: [], children: [], read: [mount(read)], write: writes })
}

test('a folder is closed when it, or any folder on the way, is closed to others', () => {
  const root = layOut({ 'open/a.txt': '', 'shut/in/a.txt': '' })
  chmodSync(root, 0o755)
  chmodSync(join(root, 'shut'), 0o700)
  assert.equal(closedTo(planOf(join(root, 'open')), stranger), undefined)
  assert.match(closedTo(planOf(join(root, 'shut/in')), stranger) ?? '', /shut\/in is not readable/u)
  chmodSync(join(root, 'open'), 0o711)
  assert.match(closedTo(planOf(join(root, 'open')), stranger) ?? '', /not readable/u)
  chmodSync(join(root, 'open'), 0o744)
  assert.match(closedTo(planOf(join(root, 'open')), stranger) ?? '', /not readable/u)
})

test('a folder that others may only read is closed for writing', () => {
  const root = layOut({ 'out/': '', 'in/': '' })
  chmodSync(root, 0o755)
  assert.match(closedTo(planOf(join(root, 'in'), join(root, 'out')), stranger) ?? '', /not writable/u)
  chmodSync(join(root, 'out'), 0o777)
  assert.equal(closedTo(planOf(join(root, 'in'), join(root, 'out')), stranger), undefined)
})
