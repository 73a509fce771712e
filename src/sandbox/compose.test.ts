import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { proves } from '../../test/guide/proves.ts'
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

/** The schema that the Compose Specification publishes; formats and keywords of its own are not of JSON Schema. */
const published = new URL('../../test/fixtures/compose/compose-spec.json', import.meta.url)
const { $schema: _, ...schema } = JSON.parse(readFileSync(published, 'utf8'))
const isCompose = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)

test(
  'what we write is a compose file by the published schema, whatever the document gives',
  proves('B.containers'),
  () => {
    const { permission } = samplePlan()
    const plans = [
      samplePlan(),
      samplePlan({ read: [], write: [], code: [], pins: [] }),
      samplePlan({ env: { A: '1', B: '$HOME', C: '', D: 'yes' }, args: ['--x=${Y}', '1.0', 'on', '', '- a: b'] }),
      samplePlan({ permission: { ...permission, limits: { ...permission.limits, openFiles: 64, pids: 4096 } } }),
      samplePlan({ write: [{ path: '/proj/a b', from: '/stage/{x}: y' as never }] }),
    ]
    for (const plan of plans) {
      const file = composeFile(plan, image)
      assert.ok(file.ok)
      assert.ok(isCompose(parse(file.text)), JSON.stringify(isCompose.errors))
    }
  },
)

test('the published schema would find a mistyped, misplaced or misspelled word', () => {
  const file = composeFile(samplePlan(), image)
  assert.ok(file.ok)
  const wrong: readonly ((service: Record<string, unknown>) => void)[] = [
    service => Object.assign(service, { readonly: true }),
    service => Object.assign(service, { cap_drop: 'ALL' }),
    service => Object.assign(service, { restart: false }),
    service => Object.assign(service, { volumes: [{ source: '/a', target: '/b' }] }),
    service => Object.assign(service, { ulimits: { nofile: { soft: 1 } } }),
    service => Object.assign(service, { tmpfs: { '/tmp': '' } }),
    service => Object.assign(service, { environment: { A: {} } }),
  ]
  for (const spoil of wrong) {
    const document: { services: { sample: Record<string, unknown> } } = parse(file.text)
    spoil(document.services.sample)
    assert.equal(isCompose(document), false, String(spoil))
  }
})
