import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { secretMakers } from './secret-makers.ts'
import { namedSecretAt, nameWords } from './secret-named.ts'

function kindOf(text: string): string | undefined {
  const word = nameWords.find(each => text.toLowerCase().includes(each)) ?? ''
  return namedSecretAt(text, text.toLowerCase().indexOf(word), word)?.kind
}

for (const { kind, names, value } of secretMakers)
  test(`${kind}: the name says whose it is`, () => {
    const drawn = fc.sample(fc.stringMatching(new RegExp(value.source, 'u')), { numRuns: 12, seed: 7 })
    const name = `${names.split(' ')[0]?.toUpperCase()}_SECRET_TOKEN`
    const told = drawn.filter(each => kindOf(`${name}=${each}`) === kind)
    assert.ok(told.length >= 7, `${told.length}: ${drawn.find(each => kindOf(`${name}=${each}`) !== kind)}`)
  })

test('the same value is a key in an env file, in JSON, in JSON in a string, in YAML, in code and in a URL', () => {
  const value = 'q7Lm2XzR9bTk4VnW8cYd'
  const forms = [
    'API_KEY=V',
    '{"apiKey":"V"}',
    '{\\"api_key\\":\\"V\\"}',
    'api-key: V',
    "const accessToken = 'V'",
    '?access_token=V&x=1',
    'client_secret := V',
    "'api_key' => 'V'",
  ]
  for (const form of forms) assert.equal(kindOf(form.replace('V', value)), 'named-key', form)
})

test('a password spoken aloud is one, a sentence about passwords is not', () => {
  assert.equal(kindOf('the password for the router is Kv9!xq2L'), 'password')
  assert.equal(kindOf('the password for the router is on the back'), undefined)
})
