import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { type BundleVerdict, checkProvenance } from './provenance.ts'

const digest = createHash('sha512').update('the archive').digest()
const wanted = { name: '@scope/server', version: '1.0.0', integrity: `sha512-${digest.toString('base64')}` }
const repository = 'https://github.com/owner/repo'
const slsa = 'https://slsa.dev/provenance/v1'
const valid: BundleVerdict = {
  ...{ state: 'valid', signer: `${repository}/.github/workflows/release.yml@refs/heads/main` },
  issuer: 'https://token.actions.githubusercontent.com',
}

type Said = { name?: string; sha512?: string; repository?: string; predicateType?: string }

function answer({
  name = 'pkg:npm/%40scope/server@1.0.0',
  sha512 = digest.toString('hex'),
  ...said
}: Said = {}): object {
  const { repository: from = repository, predicateType = slsa } = said
  const statement = {
    ...{ subject: [{ name, digest: { sha512 } }], predicateType },
    predicate: { buildDefinition: { externalParameters: { workflow: { repository: from } } } },
  }
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64')
  const bundle = { dsseEnvelope: { payload, payloadType: 'application/vnd.in-toto+json', signatures: [] } }
  return {
    attestations: [
      { predicateType: 'publish', bundle: {} },
      { predicateType: slsa, bundle },
    ],
  }
}

const state = async (said: unknown, verdict: BundleVerdict = valid) =>
  (await checkProvenance(wanted, said, async () => verdict)).state

test('a build of the repository that is named, about these very bytes, is verified', async () => {
  assert.deepEqual(await checkProvenance(wanted, answer(), async () => valid), { state: 'verified', repository })
})

test('a valid signature about another archive, version or package verifies nothing', async () => {
  for (const said of [
    { sha512: createHash('sha512').update('another').digest('hex') },
    { name: 'pkg:npm/%40scope/server@1.0.1' },
    { name: 'pkg:npm/%40scope/other@1.0.0' },
    { predicateType: 'https://slsa.dev/provenance/v0.2' },
  ])
    assert.equal(await state(answer(said)), 'forged', JSON.stringify(said))
})

test('a valid signature of a stranger, who names a repository that is not theirs, is forged', async () => {
  const stranger = { ...valid, signer: 'https://github.com/owner/repo-evil/.github/workflows/x.yml@refs/heads/main' }
  assert.equal(await state(answer(), stranger), 'forged')
  assert.equal(await state(answer(), { ...valid, issuer: 'https://accounts.example' }), 'forged')
  for (const from of ['https://github.com/owner', 'https:/', '', 'https://github.com'])
    assert.equal(await state(answer({ repository: from })), 'forged', from)
})

test('a signature that does not hold is forged; one that nobody could check is unknown', async () => {
  assert.equal(await state(answer(), { state: 'invalid', why: 'x' }), 'forged')
  assert.equal(await state(answer(), { state: 'unknown', why: 'no keys' }), 'unknown')
  const without = await checkProvenance(wanted, answer(), undefined)
  assert.ok(without.state === 'unknown' && /not installed/u.test(without.why))
})

test('a registry that strips attestations, or answers nonsense, leaves it unknown', async () => {
  for (const said of [
    undefined,
    {},
    'x',
    { attestations: [] },
    { attestations: [{ predicateType: 'publish', bundle: {} }] },
  ])
    assert.equal(await state(said), 'unknown')
  assert.equal(await state({ attestations: [{ predicateType: slsa, bundle: { no: 'envelope' } }] }), 'forged')
})
