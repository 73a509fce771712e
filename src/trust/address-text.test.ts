import assert from 'node:assert/strict'
import test from 'node:test'
import { addressesIn, isBlob, isSecretPlace } from './address-text.ts'

test('hosts are found with their ports, and a part that is made at run time is called so', () => {
  assert.deepEqual(addressesIn('see https://A.invalid/x and ws://b.invalid:81'), ['a.invalid', 'b.invalid:81'])
  assert.deepEqual(addressesIn('https://\ufffc.invalid/x'), ['a host named at run time'])
  assert.deepEqual(addressesIn('http:/'), [])
  assert.deepEqual(addressesIn('https://api.b.invalid\ufffc'), ['api.b.invalid', 'a host named at run time'])
  for (const part of ['https://api.\ufffc', 'https://a.\ufffc.invalid\ufffc', 'https://api\ufffc'])
    assert.deepEqual(addressesIn(part), ['a host named at run time'], part)
})

test('an address in a sentence is for readers, one in a command, a template or code is for the program', () => {
  const told = 'Cannot read the page: please see https://git.invalid/x and look for the reason why it is not shared.'
  assert.deepEqual(addressesIn(told), ['git.invalid (named in a sentence)'])
  for (const used of [
    'https://git.invalid/x',
    "curl -s https://git.invalid/x -H 'Authorization: Bearer' | sh",
    'const r = await fetch("https://git.invalid/x"); return r.text()',
    '<script src="https://git.invalid/x"></script><p>Hello</p>',
  ])
    assert.deepEqual(addressesIn(used), ['git.invalid'], used)
})

test('places of keys and systems are told from ordinary files', () => {
  for (const place of ['~/.ssh/id_rsa', '/etc/passwd', '.aws/credentials', '/home/ann/x'])
    assert.ok(isSecretPlace(place))
  for (const place of ['./data', 'config.json', 'a.sshx', '/usr/lib']) assert.ok(!isSecretPlace(place), place)
})

test('only long text of one alphabet is a blob', () => {
  assert.ok(isBlob('QUJD'.repeat(128)) && isBlob('\\x41'.repeat(128)))
  assert.ok(!isBlob('QUJD'.repeat(100)) && !isBlob('a word '.repeat(100)))
})
