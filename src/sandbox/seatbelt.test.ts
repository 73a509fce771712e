import assert from 'node:assert/strict'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { seatbeltProfile } from './seatbelt.ts'

test('a profile closes everything first, and the network except for the proxy', () => {
  const hosts = [{ name: 'api.example.com', port: 443 }]
  const closed = seatbeltProfile(samplePlan())
  const open = seatbeltProfile(samplePlan({ hosts }), 4711)
  assert.ok(closed.ok && open.ok)
  assert.ok(closed.text.indexOf('(deny default)') < closed.text.indexOf('(allow'))
  assert.doesNotMatch(closed.text, /allow network/u)
  assert.deepEqual(open.text.match(/\(allow network.*/gu), ['(allow network-outbound (remote tcp "localhost:4711"))'])
})

test('quotes and backslashes in a path stay inside their string', () => {
  const profile = seatbeltProfile(samplePlan({ program: '/a") (allow default) ("\\' }))
  assert.ok(profile.ok)
  assert.match(profile.text, /\(literal "\/a\\"\) \(allow default\) \(\\"\\\\"\)/u)
})

test('it says that it was never run on a Mac', () => {
  const profile = seatbeltProfile(samplePlan())
  assert.ok(profile.ok && profile.losses.some(loss => loss.includes('real hardware')))
})
