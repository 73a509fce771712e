import assert from 'node:assert/strict'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { firejailProfile } from './firejail.ts'
import type { RealPath } from './real-path.ts'

test('a profile names each folder that is given, and closes the network', () => {
  const profile = firejailProfile(samplePlan())
  assert.ok(profile.ok)
  for (const line of [
    'net none',
    'whitelist /proj/app/docs',
    'read-only /proj/app/docs',
    'read-write /proj/app/out',
    'noroot',
  ])
    assert.ok(profile.text.split('\n').includes(line), line)
})

test('what its language reads as a macro, pattern or comment is refused', () => {
  for (const path of ['/a/$HOME', '/a/*', '/a#b', '/a,b', '/a"b']) {
    const read = [{ path, from: path as RealPath }]
    assert.equal(firejailProfile(samplePlan({ read })).ok, false, path)
  }
})

test('it says that memory and hosts are not held', () => {
  const profile = firejailProfile(samplePlan({ hosts: [{ name: 'a.example', port: 443 }] }))
  assert.ok(profile.ok)
  assert.match(profile.losses.join('\n'), /memoryMiB[\s\S]*setuid/u)
  assert.match(profile.losses.join('\n'), /net\.hosts/u)
})
