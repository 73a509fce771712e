import assert from 'node:assert/strict'
import test from 'node:test'
import { parse } from 'yaml'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { composeFile } from './compose.ts'

const image = { reference: `node@sha256:${'c'.repeat(64)}`, uid: 0, gid: 0 }

test('a staged folder appears at the place of the original', () => {
  const write = [{ path: '/proj/app/out', from: '/var/stage/copy' as never }]
  const file = composeFile(samplePlan({ write }), image)
  assert.ok(file.ok)
  const volumes = parse(file.text).services.sample.volumes
  assert.ok(
    volumes.some(
      (v: { source: string; target: string }) => v.source === '/var/stage/copy' && v.target === '/proj/app/out',
    ),
  )
})

test('a name that no compose file may hold is spelled otherwise, and words that engines misread are quoted', () => {
  const file = composeFile({ ...samplePlan(), server: 'a b:c' as never }, image)
  assert.ok(file.ok)
  assert.ok('a_b_c' in parse(file.text).services)
  assert.match(file.text, /restart: "no"/u)
})
