import assert from 'node:assert/strict'
import test from 'node:test'
import { examine } from './doctor.ts'

test('on a machine with a sandbox the doctor finds nothing wrong', async t => {
  const checks = await examine()
  const sandbox = checks[0]
  if (sandbox?.state !== 'passed') return t.skip(`no sandbox here: ${sandbox?.detail}`)
  assert.deepEqual(
    checks.filter(({ state }) => state !== 'passed'),
    [],
  )
  assert.equal(checks.length, 7)
})
