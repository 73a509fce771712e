import assert from 'node:assert/strict'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { containerLaunch } from './container.ts'

const image = { reference: `node@sha256:${'c'.repeat(64)}`, uid: 0, gid: 0 }

test('the engine starts first, the image is pinned, and options end before it', () => {
  const compiled = containerLaunch(samplePlan(), '/usr/bin/podman', image)
  assert.ok(compiled.ok)
  const { command, args, tier } = compiled.launch
  assert.equal(command, '/usr/bin/podman')
  assert.equal(tier, 'container')
  assert.equal(args[args.indexOf('--') + 1], image.reference)
  assert.deepEqual(args.slice(args.indexOf('--') + 2), ['node', '/proj/app/server.js', '--quiet'])
})

test('started by root, the server is still somebody else', () => {
  const compiled = containerLaunch(samplePlan(), '/usr/bin/docker', image)
  assert.ok(compiled.ok)
  assert.equal(compiled.launch.args[compiled.launch.args.indexOf('--user') + 1], '10001:10001')
})

test('secrets are named on the command line and given in the environment', () => {
  const compiled = containerLaunch(samplePlan(), '/usr/bin/docker', image)
  assert.ok(compiled.ok)
  assert.ok(!compiled.launch.args.join(' ').includes('hunter2'))
  assert.ok(compiled.launch.args.includes('API_KEY'))
  assert.equal(compiled.launch.env['API_KEY'], 'hunter2-secret')
})

test('hosts are refused: there is nothing in a container that could judge a dial', () => {
  const hosts = [{ name: 'api.example.com', port: 443 }]
  assert.equal(containerLaunch(samplePlan({ hosts }), '/usr/bin/docker', image).ok, false)
})
