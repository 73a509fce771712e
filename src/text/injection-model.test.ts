import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import test from 'node:test'
import { injectionModel } from './injection-model.ts'

test('the weights ship with the package, are read once and take at most 2 MB', () => {
  assert.equal(injectionModel(), injectionModel())
  assert.ok(statSync(new URL('../../presets/injection.model', import.meta.url)).size <= 2_000_000)
})
