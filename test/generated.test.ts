import assert from 'node:assert/strict'
import test from 'node:test'
import { outOfDate } from '../scripts/generate.ts'

test('what is generated is what would be generated now', async () => {
  assert.deepEqual(await outOfDate(), [], 'run: npm run generate')
})
