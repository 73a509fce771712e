import assert from 'node:assert/strict'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import type { SandboxTier } from '../core/launch.ts'
import type { Machine } from './machine.ts'
import { obstacle } from './obstacle.ts'
import { chooseTier, type TierOptions } from './tier.ts'

const bare: Machine = {
  ...{ platform: 'linux', architecture: 'x64', uid: 1000, gid: 1000, home: '/home/ann', kernel: [6, 1] },
  tools: {
    bwrap: '/usr/bin/bwrap',
    prlimit: '/usr/bin/prlimit',
    setpriv: '/usr/bin/setpriv',
    docker: '/usr/bin/docker',
  },
  root: { links: {}, libraries: [], programs: [], settings: [], covered: [] },
  bubblewrap: obstacle('user-namespaces-off', 'x'),
  container: obstacle('no-answer', 'x'),
  canBeAnother: false,
}
const able = {
  ok: true,
  version: '0.8.0',
  canDisableUserNamespaces: true,
  canSizeTmpfs: true,
  canBindDescriptors: true,
  layers: [],
} as const
const image = `node@sha256:${'d'.repeat(64)}`
const all: SandboxTier[] = ['full', 'container', 'user', 'reduced', 'none']

function start(machine: Partial<Machine>, options: TierOptions = {}, plan = samplePlan()) {
  const chosen = chooseTier(plan, { ...bare, ...machine }, options)
  return chosen.ok ? chosen.compile(plan, undefined) : chosen
}

test('without bubblewrap nothing is started, and the reason and the way out are named', () => {
  for (const reason of ['missing', 'apparmor', 'user-namespaces-off', 'nested', 'leaks', 'architecture'] as const) {
    const result = start({ bubblewrap: obstacle(reason, 'detail') })
    assert.ok(!result.ok)
    assert.match(result.reason, new RegExp(reason, 'u'))
    assert.ok(result.wayOut.includes(obstacle(reason, '').wayOut))
  }
})

test('no tier but the accepted ones is ever taken', () => {
  for (const tier of all) {
    const result = start({ bubblewrap: able, uid: 0 }, { accept: [tier], image, runAs: { uid: 5, gid: 5 } })
    if (result.ok) assert.equal(result.launch.tier, tier)
  }
  assert.equal(start({}, { accept: [] }).ok, false)
  assert.equal(start({}, { accept: ['full', 'container', 'user', 'reduced'] }).ok, false, 'none is not implied')
})

test('the strongest accepted tier is taken first, and what starts is its wrapper', () => {
  const container = { ok: true, name: 'docker', version: '27.0' } as const
  const wrapper = (machine: Partial<Machine>, options: TierOptions) => {
    const result = start(machine, options)
    return result.ok ? `${result.launch.tier} ${result.launch.command}` : result.reason
  }
  assert.equal(wrapper({ bubblewrap: able, container }, { accept: all, image }), 'full /usr/bin/bwrap')
  assert.equal(wrapper({ container }, { accept: all, image }), 'container /usr/bin/docker')
  assert.equal(wrapper({ uid: 0 }, { accept: all, runAs: { uid: 9, gid: 9 } }), 'user /usr/bin/setpriv')
  assert.equal(wrapper({}, { accept: all }), 'none /opt/node/bin/node')
  const mac = { platform: 'darwin', tools: { 'sandbox-exec': '/usr/bin/sandbox-exec' } } as const
  assert.equal(wrapper(mac, { accept: all }), 'reduced /usr/bin/sandbox-exec')
})

test('each weaker tier says what it does not hold', () => {
  const losses = (machine: Partial<Machine>, options: TierOptions) => {
    const result = start(machine, options)
    assert.ok(result.ok, JSON.stringify(result))
    return result.losses.join('\n')
  }
  assert.equal(losses({ bubblewrap: able }, {}), '')
  assert.match(losses({ bubblewrap: able, uid: 0 }, {}), /runs as root without capabilities/u)
  assert.match(losses({ bubblewrap: { ...able, canSizeTmpfs: false } }, {}), /\/tmp/u)
  assert.match(losses({ uid: 0 }, { accept: ['user'], runAs: { uid: 9, gid: 9 } }), /network is open/u)
  assert.match(losses({}, { accept: ['none'] }), /nothing is held/u)
})

test('a separate user must be named, be no root, and be started by root', () => {
  for (const [machine, runAs] of [
    [{ uid: 0 }, { uid: 0, gid: 5 }],
    [{ uid: 0 }, undefined],
    [{ uid: 5 }, { uid: 9, gid: 9 }],
  ] as const)
    assert.equal(start(machine, { accept: ['user'], ...(runAs && { runAs }) }).ok, false)
})

test('a server with hosts is not started where nobody could judge its dials', () => {
  const plan = samplePlan({ hosts: [{ name: 'a.example', port: 443 }] })
  const container = { ok: true, name: 'docker', version: '27.0' } as const
  const options = { accept: ['container', 'user'], image, runAs: { uid: 9, gid: 9 } } as const
  assert.equal(start({ uid: 0, container }, options, plan).ok, false)
})
