import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { openKnownHosts } from './known-hosts.ts'

test('a host that was reached is no news after a restart, and for no other server', () => {
  const folder = temporaryFolder()
  openKnownHosts(folder, assert.fail).add('a', 'api.example.com')
  const again = openKnownHosts(folder, assert.fail)
  assert.equal(again.has('a', 'api.example.com'), true)
  assert.equal(again.has('b', 'api.example.com'), false)
  assert.equal(again.has('a', 'other.example.com'), false)
})

test('a file that was broken makes everything new, and a server cannot fill it', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'known-hosts.json'), '{"a": ["api.example.com"')
  const known = openKnownHosts(folder, assert.fail)
  assert.equal(known.has('a', 'api.example.com'), false)
  for (let i = 0; i < 300; i++) known.add('a', `${i}.example.com`)
  assert.equal(JSON.parse(readFileSync(join(folder, 'known-hosts.json'), 'utf8')).a.length, 256)
})

test('a folder that cannot be written is said and stops nobody', () => {
  const said: string[] = []
  const known = openKnownHosts(join(layOut({ file: '' }), 'file'), text => said.push(text))
  known.add('a', 'api.example.com')
  assert.equal(known.has('a', 'api.example.com'), true)
  assert.match(said[0] ?? '', /could not be written/u)
})
