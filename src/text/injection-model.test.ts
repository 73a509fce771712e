import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import test from 'node:test'
import { descriptionModel, injectionModel, senseNet } from './injection-model.ts'

test('the weights ship with the package, are read once and take little more than 1 MB each', () => {
  assert.equal(injectionModel(), injectionModel())
  assert.equal(descriptionModel(), descriptionModel())
  assert.notEqual(descriptionModel(), injectionModel())
  for (const name of ['injection', 'description'])
    assert.ok(statSync(new URL(`../../presets/${name}.model`, import.meta.url)).size <= 1_100_000)
})

test('the net for the sense of words is read once, knows more than 60,000 words and takes no more than 4 MB', () => {
  assert.equal(senseNet(), senseNet())
  assert.ok(senseNet().keys.length > 60_000)
  assert.ok(statSync(new URL('../../presets/sense.net', import.meta.url)).size <= 4_000_000)
})
