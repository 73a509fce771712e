import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { who } from './who.ts'

test('somebody with a name is called by it', () => {
  assert.equal(who(), userInfo().username)
})

const skip = process.getuid?.() === 0 ? false : 'only root can run as a user that has no name'

test('a user that has a number and no name can give every command', { skip }, () => {
  const folder = layOut({})
  chmodSync(folder, 0o777)
  const [uid, gid] = [54_321, 54_321]
  const run = (...words: string[]) =>
    spawnSync(process.execPath, words, {
      uid,
      gid,
      cwd: folder,
      env: { HOME: folder, NODE_NO_WARNINGS: '1' },
      encoding: 'utf8',
    })
  // Where this user may not read the sources, nothing can be said.
  const main = join(import.meta.dirname, 'main.ts')
  if (run('--eval', `require('fs').accessSync(${JSON.stringify(main)})`).status !== 0) return
  const done = run(main, 'server', 'list')
  assert.deepEqual([done.status, done.stdout], [0, ''], done.stderr)
})
