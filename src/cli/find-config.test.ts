import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'
import { configFiles, followedFiles } from './find-config.ts'

test('a file that was named counts as the user’s own and replaces the user’s standing one', () => {
  const home = layOut({ 'sallyport/sallyport.yaml': 'version: 1' })
  process.env['XDG_CONFIG_HOME'] = home
  const named = join(home, 'mine.yaml')
  const files = configFiles(named).filter(({ layer }) => layer !== 'organisation')
  assert.deepEqual(files, [{ path: named, layer: 'user' }])
})

test('the user’s file is followed before it is there; one that appears in a project counts from the next start', () => {
  const home = layOut({})
  process.env['XDG_CONFIG_HOME'] = home
  const layers = (files: readonly { readonly layer: string }[]) => files.map(({ layer }) => layer)
  assert.deepEqual(layers(followedFiles(undefined)).slice(0, 2), ['organisation', 'user'])
  assert.ok(!layers(configFiles(undefined)).includes('user'))
  assert.equal(layers(followedFiles(undefined)).includes('project'), layers(configFiles(undefined)).includes('project'))
})

test('a file that lies in the folder may have come with a repository: it only tightens what the user has', async () => {
  const folder = layOut({
    'config/sallyport/sallyport.yaml': 'version: 1\nmode: enforce\nservers: {}\n',
    'sallyport.yaml': 'version: 1\nmode: observe\nservers: {}\n',
  })
  const { code, err } = await command(['policy', 'check'], { folder })
  assert.equal(code, 2)
  assert.match(err, /sallyport\.yaml:2.*mode/u)
})

test('where there is no file, it says what to do and ends with 2', async () => {
  const { code, out, err } = await command(['policy', 'check'], { folder: layOut({}) })
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /no configuration: .*--config.*sallyport exec -- COMMAND/u)
})
