import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import test from 'node:test'
import { readPermission } from './permission.ts'
import { permissionDigest, signPermission, verifyPermission } from './signature.ts'

function permissionOf(value: unknown) {
  const reading = readPermission(value, { cwd: '/proj/app', home: '/home/ann' })
  assert.ok(reading.ok)
  return reading.permission
}

const ours = generateKeyPairSync('ed25519')
const theirs = generateKeyPairSync('ed25519')
const document = { command: ['node', 'x.js'], files: { read: ['./a'] }, env: { B: '1', A: '2' } }

test('a signature holds for the same document in any layout, and for no other', () => {
  const signature = signPermission(permissionOf(document), ours.privateKey)
  const reordered = { env: { A: '2', B: '1' }, files: { staging: false, read: ['./a'] }, command: ['node', 'x.js'] }
  assert.deepEqual(verifyPermission(permissionOf(reordered), signature, [theirs.publicKey, ours.publicKey]), {
    ok: true,
    key: signature.key,
  })
  const widened = [
    { ...document, files: { read: ['./a', './b'] } },
    { ...document, net: { hosts: ['x.example.com'] } },
    { ...document, limits: { pids: 65 } },
    { ...document, command: ['node', 'y.js'] },
    { ...document, env: { A: '2' } },
  ]
  for (const other of widened)
    assert.equal(verifyPermission(permissionOf(other), signature, [ours.publicKey]).ok, false)
})

test('an unknown key, another key under our name and a bent signature are refused with the reason', () => {
  const permission = permissionOf(document)
  const signature = signPermission(permission, ours.privateKey)
  const why = (s: typeof signature, keys = [ours.publicKey]) => {
    const verification = verifyPermission(permission, s, keys)
    return verification.ok ? 'ok' : verification.why
  }
  assert.match(why(signature, [theirs.publicKey]), /no trusted key/u)
  assert.match(why({ ...signPermission(permission, theirs.privateKey), key: signature.key }), /not the one/u)
  assert.match(why({ ...signature, value: '' }), /64 bytes/u)
  assert.match(why({ ...signature, value: ` ${signature.value}` }), /64 bytes/u)
  assert.match(why({ ...signature, value: `${signature.value}AA` }), /64 bytes/u)
})

test('only Ed25519 keys sign, and the digest names the content', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  assert.throws(() => signPermission(permissionOf(document), privateKey), /Ed25519/u)
  assert.equal(permissionDigest(permissionOf(document)), permissionDigest(permissionOf({ ...document })))
  assert.notEqual(permissionDigest(permissionOf(document)), permissionDigest(permissionOf({})))
})
