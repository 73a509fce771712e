import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { secretKinds, shapedSecrets } from './secret-shape.ts'

const perKind = 12

for (const kind of secretKinds)
  test(`${kind.kind}: what its maker could have drawn is found whole, and hidden in a record`, () => {
    const drawn = fc.sample(fc.stringMatching(new RegExp(`^(?:${kind.shape.source})$`, 'u')), {
      numRuns: perKind,
      seed: 7,
    })
    const whole = drawn.filter(text =>
      shapedSecrets(`see ${text} there`).some(({ from, to }) => from === 4 && to === 4 + text.length),
    )
    // A draw may by chance be too plain to count as a key; a kind that loses half of them is written wrongly.
    assert.ok(
      whole.length >= perKind * 0.6,
      `${whole.length} of ${perKind}: ${drawn.find(text => !whole.includes(text))}`,
    )
    for (const text of whole) assert.ok(shapedSecrets(text, true).length > 0)
  })

test('kinds are many, and each is named once', () => {
  const names = secretKinds.map(({ kind }) => kind)
  assert.equal(new Set(names).size, names.length)
  assert.ok(names.length >= 150)
  for (const name of names) assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)*$/u)
})

test('no shape is open-ended or begins without one of its words', () => {
  for (const { kind, shape, words } of secretKinds) {
    assert.doesNotMatch(shape.source.replaceAll(/\\.|\[[^\]]*\]/gu, ''), /[*+]|,\}/u, kind)
    assert.equal(words, words.toLowerCase(), kind)
  }
})

test('words that only begin alike are no keys, and a key within a word is one only for the record', () => {
  assert.deepEqual(shapedSecrets('task-runner-configuration ghp_short npm_config_registry AKIA eyJ sk-learn'), [])
  const glued = 'xghp_q7Lm2XzR9bTk4VnW8cYdq7Lm2XzR9bTk4VnW8cYd'
  assert.deepEqual(shapedSecrets(glued), [])
  assert.equal(shapedSecrets(glued, true)[0]?.kind, 'github-token')
})
