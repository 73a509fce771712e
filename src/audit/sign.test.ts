import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { signerOf, verifierOf } from './sign.ts'

function keyIn(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-key-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'key.pem')
}

const head = { chain: 'c', sequence: 7, fingerprint: 'f' }

test('a key is made once, for this user only, and its public part verifies', t => {
  const file = keyIn(t)
  const signer = signerOf(file)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(signerOf(file).key, signer.key)
  const verifier = verifierOf(readFileSync(`${file}.pub`, 'utf8'))
  assert.equal(verifier.key, signer.key)
  const signature = signer.sign(head)
  assert.equal(verifier.verify(head, signature), true)
  for (const other of [
    { ...head, sequence: 8 },
    { ...head, chain: 'd' },
    { ...head, fingerprint: 'e' },
  ])
    assert.equal(verifier.verify(other, signature), false)
  assert.equal(verifier.verify(head, 'AAAA'), false)
  assert.equal(verifier.verify(head, 'not base64 ***'), false)
})

test('a key that others can read, a link, and what is no key are refused', t => {
  const file = keyIn(t)
  signerOf(file)
  chmodSync(file, 0o640)
  assert.throws(() => signerOf(file), { code: 'AUDIT_KEY', message: /chmod 600/u })
  symlinkSync(file, `${file}.link`)
  assert.throws(() => signerOf(`${file}.link`), { code: 'AUDIT_KEY', message: /not a plain file/u })
  assert.throws(() => signerOf(join(file, 'x')), { code: 'AUDIT_KEY' })
})
