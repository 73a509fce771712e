import assert from 'node:assert/strict'
import test from 'node:test'
import { parse, stringify } from 'yaml'
import { proves } from '../../test/guide/proves.ts'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { composeFile } from './compose.ts'
import { checkCompose } from './hardening.ts'

const written = composeFile(samplePlan(), { reference: `node@sha256:${'b'.repeat(64)}`, uid: 1000, gid: 1000 })
assert.ok(written.ok)
const text = written.text

/** The rules that a change to the service breaks. */
function broken(changes: Readonly<Record<string, unknown>>): string[] {
  const document = parse(text)
  const service = { ...document.services.sample, ...changes }
  for (const [key, value] of Object.entries(changes)) if (value === undefined) delete service[key]
  return checkCompose(stringify({ services: { sample: service } })).map(({ rule }) => rule)
}

test('the file that we write breaks no rule', () => {
  assert.deepEqual(checkCompose(text), [])
})

test('taking away one hardening is exactly one finding', proves('B.containers'), () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['user', { user: undefined }],
    ['user', { user: '0:0' }],
    ['user', { user: 'root' }],
    ['capabilities', { cap_drop: undefined }],
    ['added-capabilities', { cap_add: ['SYS_ADMIN'] }],
    ['new-privileges', { security_opt: undefined }],
    ['unconfined', { security_opt: ['no-new-privileges:true', 'seccomp:unconfined'] }],
    ['read-only-root', { read_only: false }],
    ['privileged', { privileged: true }],
    ['network', { network_mode: undefined }],
    ['network', { network_mode: 'bridge' }],
    ['host-namespace', { pid: 'host' }],
    ['ports', { ports: ['80:80'] }],
    ['pids', { pids_limit: -1 }],
    ['cpus', { cpus: undefined }],
    ['swap', { memswap_limit: '-1' }],
    ['ulimits', { ulimits: undefined }],
    ['restart', { restart: 'always' }],
    ['engine-socket', { volumes: ['/x/docker.sock:/x/docker.sock'] }],
    ['sensitive-folder', { volumes: ['/etc:/host:ro'] }],
    ['sensitive-folder', { volumes: [{ type: 'bind', source: '/home/ann', target: '/x' }] }],
    [
      'shared-mount',
      { volumes: [{ type: 'bind', source: '/data/x', target: '/x', bind: { propagation: 'rshared' } }] },
    ],
    ['devices', { devices: ['/dev/kvm'] }],
    ['image-digest', { image: 'node:24' }],
    ['init', { init: false }],
    ['tmp', { tmpfs: undefined }],
    ['secret-in-file', { environment: ['API_KEY=abc'] }],
    ['secret-in-file', { environment: { DB_PASSWORD: 'abc' } }],
  ]
  for (const [rule, changes] of cases) assert.deepEqual(broken(changes), [`compose/${rule}`], JSON.stringify(changes))
  assert.deepEqual(broken({ mem_limit: undefined }), ['compose/memory', 'compose/swap'])
})

test('a secret that is only named is none', () => {
  assert.deepEqual(broken({ environment: { API_KEY: null, TOKEN: '$'.concat('{TOKEN}') } }), [])
})

test('a file that cannot be read is not a clean one', () => {
  for (const bad of ['', ':', '[]', 'services: {}', 'services: { a: 1 }', 'a: &a [*a]'])
    assert.deepEqual(
      checkCompose(bad).map(({ rule }) => rule),
      ['compose/unreadable'],
      bad,
    )
})
