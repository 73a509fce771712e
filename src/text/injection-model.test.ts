import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import test from 'node:test'
import { descriptionModel, injectionModel } from './injection-model.ts'

test('the weights ship with the package, are read once and take little more than 1 MB each', () => {
  assert.equal(injectionModel(), injectionModel())
  assert.equal(descriptionModel(), descriptionModel())
  assert.notEqual(descriptionModel(), injectionModel())
  for (const name of ['injection', 'description'])
    assert.ok(statSync(new URL(`../../presets/${name}.model`, import.meta.url)).size <= 1_100_000)
})
