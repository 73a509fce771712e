import assert from 'node:assert/strict'
import test from 'node:test'
import { inspect } from 'node:util'
import { fc } from '../../test/property.ts'
import { type Secret, type SecretSources, secretOf } from './secret.ts'

const sources: SecretSources = {
  env: { TOKEN: 'hunter2', EMPTY: '' },
  readFile: async path => {
    if (path === '/etc/sallyport/key') return 'from-file\n'
    throw new Error('no such file')
  },
  keyring: async entry => (entry === 'files/api' ? 'from-keyring' : undefined),
}

function secret(text: string): Secret {
  const made = secretOf(text, path => `/etc/sallyport/${path}`)
  if (!made.ok) throw new Error(made.text)
  return made.secret
}

async function revealed(text: string): Promise<string> {
  const found = await secret(text).reveal(sources)
  return found.ok ? found.text : `refused: ${found.text}`
}

test('references are read at the moment of use, from where they point', async () => {
  assert.equal(await revealed('Bearer ${TOKEN}'), 'Bearer hunter2')
  assert.equal(await revealed('${env:TOKEN}${file:key}'), 'hunter2from-file')
  assert.equal(await revealed('${keyring:files/api}'), 'from-keyring')
  assert.equal(await revealed('${EMPTY}'), '')
  assert.equal(await revealed('plain'), 'plain')
})

test('a doubled sign stands for the characters themselves', async () => {
  assert.equal(await revealed('$${TOKEN} costs $5'), '${TOKEN} costs $5')
})

test('what is not there is refused with its name and never becomes empty', async () => {
  assert.match(await revealed('x${MISSING}'), /^refused: env:MISSING is not there/u)
  assert.match(await revealed('${file:nothing}'), /^refused: file:\/etc\/sallyport\/nothing is not there/u)
  assert.match(await revealed('${keyring:nothing}'), /^refused: keyring:nothing is not there/u)
  const noKeyring = await secret('${keyring:files/api}').reveal({ env: {}, readFile: sources.readFile })
  assert.ok(!noKeyring.ok && /no keyring is read here; write it as \$\{env:NAME\}/u.test(noKeyring.text))
})

test('a reference that cannot be read is refused when the file is', () => {
  for (const text of ['${', '${}', '${TOKEN', '${env:}', '${vault:x}', '${A B}', '${${TOKEN}}', '${constructor.x}'])
    assert.equal(secretOf(text, path => path).ok, false, text)
})

test('no way of printing a secret shows it', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{8,40}$/u), value => {
      const made = secret(value)
      const shown = [String(made), JSON.stringify({ made }), inspect({ made }, { showHidden: true }), `${made}`]
      for (const text of shown) assert.ok(!text.includes(value), text)
    }),
  )
  assert.equal(JSON.stringify(secret('Bearer ${TOKEN}')), '"[secret from env:TOKEN]"')
})

test('whatever stands in a text, it is understood or refused, and plain text comes back as it was', async () => {
  const parts = fc.array(fc.constantFrom('$', '{', '}', '$$', '${', 'TOKEN', 'env:', 'a', ' '), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(parts, async some => {
      const text = some.join('')
      const made = secretOf(text, path => path)
      if (!made.ok || made.secret.references.length > 0) return
      const found = await made.secret.reveal(sources)
      assert.ok(found.ok)
      assert.equal(found.text, text.replaceAll('$${', '${'))
    }),
  )
})
