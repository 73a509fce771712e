import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { redactText } from './redact.ts'
import { redactName } from './redact-name.ts'

test('a name is redacted like any other text, however often it comes', () => {
  const token = `ghp_${'a1B2c3D4e5'.repeat(4)}`.slice(0, 40)
  const names = ['read_file', 'policy:reads are fine', token, `tool\u001b[2J`, 'x'.repeat(5000), '']
  for (let i = 0; i < 3; i++) for (const name of names) assert.equal(redactName(name), redactText(name))
  assert.ok(!redactName(token).includes('a1B2c3D4'))
})

test('any text comes out as it would without the memory', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: 'binary' }), name => {
      assert.equal(redactName(name), redactText(name))
      assert.equal(redactName(name), redactText(name))
    }),
    { numRuns: 1500 },
  )
})
