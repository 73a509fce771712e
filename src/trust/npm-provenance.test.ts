import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { provenanceOf } from './npm-provenance.ts'
import type { VerifyBundle } from './provenance.ts'

const digest = createHash('sha512').update('bytes').digest()
const stored = { name: 'quiet', version: '1.0.0', integrity: `sha512-${digest.toString('base64')}` }
const repository = 'https://github.com/owner/quiet'
const slsa = 'https://slsa.dev/provenance/v1'

function bundle(): object {
  const statement = {
    ...{ subject: [{ name: 'pkg:npm/quiet@1.0.0', digest: { sha512: digest.toString('hex') } }], predicateType: slsa },
    predicate: { buildDefinition: { externalParameters: { workflow: { repository } } } },
  }
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64')
  return { dsseEnvelope: { payload, payloadType: 'application/vnd.in-toto+json' } }
}

const verify: VerifyBundle = async () => ({
  ...{ state: 'valid', signer: `${repository}/.github/workflows/x.yml@refs/tags/v1` },
  issuer: 'https://token.actions.githubusercontent.com',
})

test('an attestation is fetched from the registry itself, and from nowhere else', async t => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/broken') return void response.writeHead(500).end()
    response.end(JSON.stringify({ attestations: [{ predicateType: slsa, bundle: bundle() }] }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const viewed = (url: string) => JSON.stringify({ dist: { tarball: `${own}/quiet-1.0.0.tgz`, attestations: { url } } })
  const state = async (text: string) => (await provenanceOf(stored, text, async () => verify)).state
  assert.equal(await state(viewed(`${own}/attestations`)), 'verified')
  assert.equal(await state(viewed(`${own}/broken`)), 'unknown')
  asked.length = 0
  for (const text of [
    viewed(`http://localhost:${new URL(own).port}/attestations`),
    viewed('file:///etc/passwd'),
    '{}',
    '',
    '[]',
  ])
    assert.equal(await state(text), 'unknown', text)
  assert.deepEqual(asked, [])
})
