import assert from 'node:assert/strict'
import test from 'node:test'
import { missing, obstacle } from '../sandbox/obstacle.ts'
import { probeMachine } from '../sandbox/probe.ts'
import { tiersOf } from './sandbox-tiers.ts'

const here = await probeMachine({ asksEngine: false })

test('what lacks for a tier is named with the command that installs it', () => {
  const bare = {
    ...here,
    bubblewrap: missing('bwrap', 'bubblewrap'),
    container: missing('neither', 'podman'),
    tools: {},
  }
  const [full, container, user, reduced] = tiersOf({
    ...bare,
    uid: 1000,
    platform: 'linux',
    landlock: missing('python3', 'python3'),
  })
  assert.deepEqual([full?.tier, full?.ok], ['full', false])
  assert.match(full?.why ?? '', /bwrap was not found\. install it: apt install bubblewrap/u)
  assert.match(container?.why ?? '', /apt install podman/u)
  assert.match(user?.why ?? '', /only root/u)
  assert.match(reduced?.why ?? '', /apt install python3/u)
})

test('a tier that can be had says by what, and on what condition', () => {
  const landlock = { ok: true, abi: 7, python: '/usr/bin/python3' } as const
  const container = { ok: true, name: 'podman', version: '5' } as const
  const locked = tiersOf({ ...here, platform: 'linux', uid: 1000, landlock, container })
  assert.deepEqual(
    locked.slice(1).map(({ tier, ok }) => [tier, ok]),
    [
      ['container', true],
      ['user', false],
      ['reduced', true],
    ],
  )
  assert.match(locked[1]?.why ?? '', /image named by digest/u)
  const [, , , asRoot] = tiersOf({ ...here, platform: 'linux', uid: 0, landlock })
  assert.deepEqual([asRoot?.ok, asRoot?.why], [false, 'Landlock is there, and root could undo it'])
  const { landlock: _, ...without } = here
  const mac = tiersOf({
    ...without,
    ...{
      platform: 'darwin',
      bubblewrap: obstacle('platform', 'x'),
      tools: { 'sandbox-exec': '/usr/bin/sandbox-exec' },
    },
  })
  assert.deepEqual([mac[0]?.ok, mac[3]?.ok], [false, true])
})
