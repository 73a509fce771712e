import assert from 'node:assert/strict'
import test from 'node:test'
import { operatingPoints } from './operating-points.ts'

test('blocking needs a higher score than asking', () => {
  for (const { ask, block } of Object.values(operatingPoints)) assert.ok(block > ask)
})
