import assert from 'node:assert/strict'
import test from 'node:test'
import type { Guard } from '../core/guard.ts'
import { guard } from '../core/guard.ts'
import { option } from '../core/option.ts'
import type { ConfigLayer } from './config.ts'
import { guardSettings, joinParts, type Part } from './join.ts'
import type { Written } from './schema.ts'

const options = { bytes: option.number({ default: 100, min: 1, max: 1000, tighter: 'lower', about: '' }) }
const sizes = guard({ id: 'sizes', title: 'x', threats: [], reads: [], options, inspect: () => [] })
const guards: readonly Guard[] = [sizes]

function part(layer: ConfigLayer, written: Omit<Written, 'version'>): Part {
  return { layer, path: `/${layer}/sallyport.yaml`, written: { version: 1, ...written } }
}

function refused(...parts: readonly Part[]): string[] {
  return joinParts(parts, guards).problems.map(({ part: { layer }, path }) => `${layer}: ${path.join('.')}`)
}

test('a project may tighten what is there and bring nothing that runs, listens, records or lets in', () => {
  const user = part('user', { servers: { files: { command: ['files'], tools: { allow: ['read_*'] } } } })
  const tighter = part('project', { servers: { files: { tools: { allow: ['read_file'], deny: ['read_key'] } } } })
  assert.deepEqual(refused(user, tighter), [])
  const evil = part('project', {
    servers: {
      evil: { command: ['sh', '-c', 'x'] },
      files: { command: ['sh'], env: { A: 'b' }, tools: { allow: ['*'] }, permissions: {}, effects: { rm: ['read'] } },
    },
    principals: { mallory: {} },
    ...{ gateway: { host: '0.0.0.0' }, audit: { folder: '/tmp' }, approval: { channels: [] } },
    sessions: { labels: 'principal' },
  })
  assert.deepEqual(refused(user, evil).sort(), [
    ...['project: approval', 'project: audit', 'project: gateway', 'project: principals.mallory'],
    ...['project: servers.evil', 'project: servers.files.command', 'project: servers.files.effects'],
    ...['project: servers.files.env', 'project: servers.files.permissions', 'project: servers.files.tools.allow'],
    'project: sessions',
  ])
})

test('where labels hold in all work of a principal, no user takes that back', () => {
  const labels = (layer: ConfigLayer, hold: 'work' | 'principal') => part(layer, { sessions: { labels: hold } })
  assert.deepEqual(refused(labels('organisation', 'principal'), labels('user', 'work')), ['user: sessions.labels'])
  assert.deepEqual(refused(labels('organisation', 'work'), labels('user', 'principal')), [])
})

test('a project alone stands over the defaults, which it only tightens', () => {
  assert.deepEqual(refused(part('project', { guards: { sizes: { bytes: 50 } } })), [])
  assert.deepEqual(refused(part('project', { guards: { sizes: { bytes: 200 } } })), ['project: guards.sizes.bytes'])
  assert.deepEqual(refused(part('project', { guards: { sizes: false } })), ['project: guards.sizes'])
})

test('a user under an organisation sets what was left open and tightens the rest', () => {
  const organisation = part('organisation', {
    guards: { sizes: { bytes: 80 } },
    servers: { wiki: { url: 'https://wiki.example.com/mcp' } },
    audit: { keepDays: 365 },
    principals: { alice: { role: 'reader' } },
  })
  const fine = part('user', {
    guards: { sizes: { bytes: 60 } },
    servers: { mine: { command: ['x'] } },
    audit: { keepDays: 700, rotateMiB: 8 },
    ...{ gateway: { port: 1 }, principals: { bob: {} } },
  })
  assert.deepEqual(refused(organisation, fine), [])
  const loose = part('user', {
    guards: { sizes: { bytes: 90 } },
    servers: { wiki: { url: 'https://elsewhere.example.com' } },
    audit: { keepDays: 30 },
    principals: { alice: { role: 'admin' } },
  })
  assert.deepEqual(refused(organisation, loose), [
    ...['user: guards.sizes.bytes', 'user: servers.wiki.url', 'user: principals.alice', 'user: audit.keepDays'],
  ])
})

test('lists of tools that must not exist add up over layers', () => {
  const user = part('user', { servers: { files: { command: ['x'], tools: { deny: ['a'] } } } })
  const project = part('project', { servers: { files: { tools: { deny: ['b'] } } } })
  const { joined } = joinParts([user, project], guards)
  assert.deepEqual(joined.servers.get('files')?.tools, { deny: ['a', 'b'] })
  assert.equal(joined.servers.get('files')?.from.layer, 'user')
})

test('a guard that was switched off above may be switched on below', () => {
  const parts = [part('user', { guards: { sizes: false } }), part('project', { guards: { sizes: { bytes: 900 } } })]
  assert.deepEqual(refused(...parts), [])
  assert.deepEqual(guardSettings(joinParts(parts, guards).joined.guards, guards), { sizes: { bytes: 900 } })
})

test('settings of guards are complete, whatever was set', () => {
  assert.deepEqual(guardSettings({}, guards), { sizes: { bytes: 100 } })
  assert.deepEqual(guardSettings({ sizes: false }, guards), { sizes: false })
})
