import assert from 'node:assert/strict'
import test from 'node:test'
import { isEngine, pinnedCommand, withoutEngine } from './engine-command.ts'

test('an engine is known by the name of its program, wherever it lies', () => {
  for (const program of ['docker', '/usr/bin/podman', 'C:\\x\\docker.exe', './docker', 'docker-compose'])
    assert.ok(isEngine([program]))
  assert.ok(isEngine(['sh', '-c', 'docker run x']), 'and behind a shell')
  for (const program of ['node', '/docker/x', '']) assert.ok(!isEngine([program]), program)
})

test('only a command of an engine is shown to who pins, and its refusal stands', () => {
  const refused = { ok: false, reason: 'not pinned', wayOut: 'pin it' } as const
  assert.equal(
    pinnedCommand(['docker', 'run', 'x'], () => refused),
    refused,
  )
  assert.deepEqual(
    pinnedCommand(['node', 'docker'], () => refused),
    { ok: true, command: ['node', 'docker'] },
  )
  assert.deepEqual(
    pinnedCommand(['docker', 'ps'], () => undefined),
    { ok: true, command: ['docker', 'ps'] },
  )
})

test('no tier with walls claims to hold what an engine starts, unless it is dialled as a declared host', () => {
  for (const tier of ['full', 'container', 'user', 'reduced'] as const) {
    assert.match(withoutEngine(tier, { isEngine: true, hosts: [] })?.wayOut ?? '', /sandboxAtLeast: none/u)
    assert.equal(withoutEngine(tier, { isEngine: true, hosts: [{}] }), undefined)
    assert.equal(withoutEngine(tier, { hosts: [] }), undefined)
  }
  assert.equal(withoutEngine('none', { isEngine: true, hosts: [] }), undefined)
})
