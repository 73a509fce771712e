import assert from 'node:assert/strict'
import test from 'node:test'
import { fillSecrets, secretsIn } from './secret-reference.ts'

const ref = (text: string) => `$\u007b${text}}`
const find = async ({ store, name }: { store: string; name: string }) => (store === 'keyring' ? `<${name}>` : undefined)

test('references are found in a value and replaced by what they name', async () => {
  assert.deepEqual(secretsIn(`Bearer ${ref('keyring:files/api')} ${ref('env:X')}`), [
    { store: 'keyring', name: 'files/api' },
    { store: 'env', name: 'X' },
  ])
  assert.deepEqual(await fillSecrets(`Bearer ${ref('keyring:a')}`, find), { ok: true, value: 'Bearer <a>' })
  assert.deepEqual(await fillSecrets('plain $HOME $1 {x}', find), { ok: true, value: 'plain $HOME $1 {x}' })
})

test('a secret that is not there is named, never replaced by nothing', async () => {
  const filled = await fillSecrets(`${ref('keyring:a')}${ref('vault:b')}`, find)
  assert.deepEqual(filled, { ok: false, missing: { store: 'vault', name: 'b' } })
})

test('what a secret holds is not read as a reference or a pattern again', async () => {
  const tricky = async ({ name }: { name: string }) => (name === 'a' ? `${ref('keyring:b')} $& $1` : 'B')
  assert.deepEqual(await fillSecrets(ref('keyring:a'), tricky), { ok: true, value: `${ref('keyring:b')} $& $1` })
})

test('a secret with a zero byte is refused: it would end the variable early', async () => {
  assert.equal((await fillSecrets(ref('keyring:a'), async () => 'a\0b')).ok, false)
})
