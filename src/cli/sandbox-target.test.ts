import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { layOut } from '../../test/temporary.ts'
import { serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import { defaultsOf } from '../core/option.ts'
import { probeMachine } from '../sandbox/probe.ts'
import { documentFor, isTarget, type Local, targets, writtenFor } from './sandbox-target.ts'

const cwd = layOut({ 'server.js': '', 'it is/here.txt': '' })

function server(permissions?: Record<string, unknown>, command = [process.execPath, 'server.js']): Local {
  const [program = '', ...args] = command
  return {
    name: 'files' as ServerName,
    connect: { kind: 'command', command: [program, ...args], cwd, env: new Map() },
    traits: { writers: 'unknown' },
    settings: defaultsOf(serverOptions),
    effects: new Map(),
    permissions,
  }
}

test('the document is the configuration’s, else the package’s preset, else the strict default', () => {
  assert.equal(documentFor(server({ net: 'none' })).source, 'configuration')
  assert.equal(documentFor(server()).source, 'strict default')
  const known = documentFor(server(undefined, ['npx', '-y', '@modelcontextprotocol/server-memory']))
  assert.equal(known.source, 'preset @modelcontextprotocol/server-memory')
})

test('every target writes the same permissions, or says why it cannot', proves('E.permissions'), async () => {
  const machine = await probeMachine({ asksEngine: false })
  const local = server({ files: { read: ['./server.js'] } })
  for (const target of targets) {
    const written = await writtenFor(local, { target, machine, image: `node@sha256:${'0'.repeat(64)}` })
    if (target === 'bubblewrap' && !machine.bubblewrap.ok) assert.equal(written.ok, false)
    else if (target !== 'compose') assert.ok(written.ok && written.text.includes('server.js'), target)
  }
  const imageless = await writtenFor(local, { target: 'compose', machine, image: undefined })
  assert.equal(imageless.ok, false)
})

test('words that a shell would take apart are quoted', async t => {
  const machine = await probeMachine({ asksEngine: false })
  if (!machine.bubblewrap.ok) return t.skip('no bubblewrap here')
  const local = server({ files: { read: ['./server.js', './it is'] } })
  const written = await writtenFor(local, { target: 'bubblewrap', machine, image: undefined })
  assert.ok(written.ok)
  assert.match(written.text, /'[^']*\/it is'/u)
})

test('only the targets are targets', () => {
  assert.ok(targets.every(isTarget))
  assert.equal(isTarget('constructor'), false)
})
