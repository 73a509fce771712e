import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerConfig } from '../config/config.ts'
import { serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import { defaultsOf } from '../core/option.ts'
import { LinkError } from '../wire/link.ts'
import type { Launcher } from './launcher.ts'
import { localPrincipal } from './local-principal.ts'
import { setupsOf } from './server-setup.ts'

const name = 'notes' as ServerName
const quiet = { unsolicited: async () => {}, oddity: () => {} }

function server(changes: Partial<ServerConfig['settings']> = {}): ReadonlyMap<ServerName, ServerConfig> {
  const one: ServerConfig = {
    name,
    connect: { kind: 'command', command: ['notes'], cwd: '/', env: new Map() },
    traits: { writers: 'unknown' },
    settings: { ...defaultsOf(serverOptions), ...changes },
    effects: new Map(),
    permissions: undefined,
  }
  return new Map([[name, one]])
}

const noLauncher: Launcher = async () => assert.fail('nothing is to be started')

test('a server that is switched off has no way to be opened', () => {
  assert.equal(setupsOf(server({ isEnabled: false }), { launcher: noLauncher, face: 'stdio' }).size, 0)
})

test('on stdio a server stays as long as its client, over HTTP until it was idle for the time that is set', () => {
  const idle = (face: 'http' | 'stdio') =>
    setupsOf(server({ idleMs: 5 }), { launcher: noLauncher, face }).get(name)?.idleMs
  assert.deepEqual([idle('stdio'), idle('http')], [Number.POSITIVE_INFINITY, 5])
})

test('what was prepared for a program that cannot be started is let go', async () => {
  let released = 0
  const launcher = (async () => ({
    launch: { command: '/no/such/program', args: [], env: {}, cwd: '/', inputs: [], tier: 'none' },
    release: async () => void released++,
  })) as unknown as Launcher
  const setup = setupsOf(server(), { launcher, face: 'stdio' }).get(name)
  await assert.rejects(setup?.open(quiet, localPrincipal()) ?? assert.fail(), LinkError)
  assert.equal(released, 1)
})
