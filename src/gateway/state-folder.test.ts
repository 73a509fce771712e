import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { stateFolder } from './state-folder.ts'

test('state goes where it was told, else where the system keeps state, and only its user can read it', () => {
  const home = layOut({})
  const named = join(home, 'named', 'state')
  assert.equal(stateFolder({ SALLYPORT_STATE: named, HOME: home }), named)
  assert.equal(statSync(named).mode & 0o777, 0o700)
  if (process.platform !== 'linux') return
  assert.equal(stateFolder({ HOME: home }), join(home, '.local', 'state', 'sallyport'))
  assert.equal(stateFolder({ HOME: home, XDG_STATE_HOME: join(home, 'x') }), join(home, 'x', 'sallyport'))
})
