import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'
import { auditFolder } from './audit-folder.ts'

test('the record is where the configuration says, and where it always is when that has mistakes', async () => {
  const folder = layOut({
    'own.yaml': 'version: 1\naudit: { folder: ./kept }\n',
    'bad.yaml': 'version: 1\naudti: {}\n',
  })
  assert.equal(await auditFolder(join(folder, 'own.yaml')), join(folder, 'kept'))
  assert.match(await auditFolder(join(folder, 'bad.yaml')), /sallyport\/audit$/u)
})

test('reading the record without naming a folder follows the configuration of the user', async () => {
  const folder = layOut({ '.config/sallyport/sallyport.yaml': 'version: 1\naudit: { folder: /nowhere/kept }\n' })
  const { code, err } = await command(['audit', 'tail'], { folder, env: { XDG_CONFIG_HOME: join(folder, '.config') } })
  assert.equal(code, 3)
  assert.match(err, /^no record in \/nowhere\/kept:/u)
})
