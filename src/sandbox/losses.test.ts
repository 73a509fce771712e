import assert from 'node:assert/strict'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { lossesOfDisk, lossesOfHosts, lossesOfSecrets } from './losses.ts'

test('only what a document asks for can be lost', () => {
  const plan = samplePlan()
  assert.deepEqual(lossesOfHosts(plan, 'no network'), [], 'it names no host')
  assert.deepEqual(lossesOfHosts({ ...plan, hosts: [{ name: 'a', port: 1 }] }, 'no network'), ['net.hosts: no network'])
  assert.equal(lossesOfDisk(plan).length, 1)
  assert.deepEqual(lossesOfDisk({ ...plan, write: [] }), [])
  assert.deepEqual(lossesOfSecrets(plan, 'told at the start'), ['env API_KEY: not written down; told at the start'])
  assert.deepEqual(lossesOfSecrets({ ...plan, env: {} }, 'told at the start'), [])
})
