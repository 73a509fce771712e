import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerConfig } from '../config/config.ts'
import { serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import { defaultsOf } from '../core/option.ts'
import type { Trust } from '../core/pin.ts'
import { pinSubject, startedAs } from './pin-subject.ts'

const name = 'notes' as ServerName

function server(trust: string): ServerConfig {
  return {
    name,
    connect: { kind: 'command', command: ['npx', 'notes@1.0.0'], cwd: '/', env: new Map() },
    traits: { writers: 'unknown' },
    settings: { ...defaultsOf(serverOptions), trust: trust as Trust },
    effects: new Map(),
    permissions: undefined,
  }
}

test('a server that nobody configured, and a word that nobody knows, are held the strictest way', () => {
  assert.equal(pinSubject(undefined, name).trust, 'manual')
  assert.equal(pinSubject(server('whatever'), name).trust, 'manual')
  assert.equal(pinSubject(server('auto'), name).trust, 'auto')
})

test('what was really started is known from then on, and of that configuration alone', () => {
  const [one, other] = [server('scan'), server('scan')]
  assert.equal(pinSubject(one, name).artefact, undefined)
  startedAs(one, 'npm notes 1.0.0')
  assert.deepEqual(pinSubject(one, name), { ...pinSubject(other, name), artefact: 'npm notes 1.0.0' })
})
