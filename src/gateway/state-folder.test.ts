import assert from 'node:assert/strict'
import { chmodSync, chownSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { stateFolder } from './state-folder.ts'

const noBits = process.platform === 'win32'

test('state goes where it was told, else where the system keeps state, and only its user can read it', () => {
  const home = layOut({})
  const named = join(home, 'named', 'state')
  assert.equal(stateFolder({ SALLYPORT_STATE: named, HOME: home }), named)
  assert.equal(statSync(named).mode & 0o777, 0o700)
  if (process.platform !== 'linux') return
  assert.equal(stateFolder({ HOME: home }), join(home, '.local', 'state', 'sallyport'))
  assert.equal(stateFolder({ HOME: home, XDG_STATE_HOME: join(home, 'x') }), join(home, 'x', 'sallyport'))
})

test("a state folder that others can write to, or that is another user's, is refused", { skip: noBits }, () => {
  const open = layOut({ 'state/': '' })
  const folder = join(open, 'state')
  for (const mode of [0o777, 0o1777, 0o720, 0o702]) {
    chmodSync(folder, mode)
    assert.throws(() => stateFolder({ SALLYPORT_STATE: folder }), { code: 'unsafe-state', message: /chmod go-w/u })
  }
  chmodSync(folder, 0o755)
  assert.equal(stateFolder({ SALLYPORT_STATE: folder }), folder)
})

test('a state folder that cannot be made is named, with the way out', () => {
  const folder = join(layOut({ file: '' }), 'file', 'state')
  assert.throws(() => stateFolder({ SALLYPORT_STATE: folder }), {
    code: 'no-state',
    message: /file\/state cannot be made \(ENOTDIR\): .*SALLYPORT_STATE/u,
  })
})

test('a home under /proc, which the kernel lets nobody write to, ends with the same words and not never', () => {
  assert.throws(() => stateFolder({ HOME: '/proc' }), { code: 'no-state', message: /SALLYPORT_STATE/u })
})

test('root keeps its state in no folder of another user', { skip: process.getuid?.() !== 0 }, () => {
  const folder = layOut({})
  chownSync(folder, 65_534, 65_534)
  assert.throws(() => stateFolder({ SALLYPORT_STATE: folder }), { code: 'unsafe-state', message: /another user/u })
})
