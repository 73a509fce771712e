import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { sigstoreVerifier } from './sigstore-verifier.ts'

test('without the package there is no verifier; with it, each of its ways to end means one thing', async t => {
  assert.equal(await sigstoreVerifier('sigstore-that-nobody-installed'), undefined)
  const folder = mkdtempSync(join(tmpdir(), 'verifier-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'sigstore.mjs')
  writeFileSync(
    path,
    `class VerificationError extends Error {}
    class TUFError extends Error {}
    const identity = { subjectAlternativeName: 'https://github.com/a/b/x', extensions: { issuer: 'i' } }
    export async function verify(bundle) {
      if (bundle === 'bad') throw new VerificationError('signature')
      if (bundle === 'offline') throw new TUFError('no keys')
      return bundle === 'key' ? { key: {} } : { key: {}, identity }
    }`,
  )
  const verify = await sigstoreVerifier(pathToFileURL(path).href)
  assert.ok(verify !== undefined)
  assert.deepEqual(await verify('fine'), { state: 'valid', signer: 'https://github.com/a/b/x', issuer: 'i' })
  assert.deepEqual([(await verify('bad')).state, (await verify('key')).state], ['invalid', 'invalid'])
  assert.deepEqual(await verify('offline'), { state: 'unknown', why: 'no keys' })
})
