import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import type { ServerName } from '../core/brand.ts'
import type { EgressPort } from '../core/egress.ts'
import type { Launch } from '../core/launch.ts'
import type { Machine } from './machine.ts'
import { type PrepareOptions, prepareLaunch } from './prepare-launch.ts'
import { knownServers as presets } from './presets.generated.ts'
import { probeMachine } from './probe.ts'
import { reviewStage } from './review.ts'
import { runOnce } from './run-once.ts'
import { stagesIn } from './staging.ts'

const machine = await probeMachine({ asksEngine: false })
const able: Machine = {
  ...machine,
  tools: { bwrap: '/usr/bin/bwrap', prlimit: '/usr/bin/prlimit' },
  architecture: 'x64',
  bubblewrap: {
    ok: true,
    version: '0.8.0',
    canDisableUserNamespaces: true,
    canSizeTmpfs: true,
    canBindDescriptors: true,
    layers: [],
  },
}
const skip = machine.bubblewrap.ok ? false : `no bubblewrap here: ${machine.bubblewrap.reason}`
const name = 's' as ServerName
const root = new URL('../..', import.meta.url).pathname

function prepare(
  server: { command?: string[]; permissions?: unknown; cwd?: string; env?: Record<string, string> },
  options: Partial<PrepareOptions> = {},
  on = able,
) {
  const { command = ['node', '-e', ''], cwd = '/', permissions, env = {} } = server
  const start = permissions === undefined ? { name, command, cwd, env } : { name, command, cwd, env, permissions }
  return prepareLaunch(start, on, { path: '', node: process.execPath, ...options })
}

test('a variable that a person gives goes before that of a preset, and the others of the preset stay', async () => {
  const known = [{ package: 'some-server', about: '', permissions: { env: { KEPT: 'preset', PLACE: 'preset' } } }]
  const wish = { command: ['node', join(root, 'node_modules/some-server/index.js')], cwd: root, env: { PLACE: 'mine' } }
  const prepared = await prepare(wish, { presets: known })
  assert.ok(prepared.ok, JSON.stringify(prepared))
  assert.equal(prepared.source, 'preset some-server')
  assert.deepEqual([prepared.launch.env['KEPT'], prepared.launch.env['PLACE']], ['preset', 'mine'])
})

test('a stranger gets the strict default, a known server its preset, configuration wins', async () => {
  const stranger = await prepare({}, { presets })
  assert.ok(stranger.ok && stranger.source === 'strict default')
  assert.equal(stranger.permission.net, 'none')
  const command = ['npx', '-y', '@modelcontextprotocol/server-everything']
  const known = await prepare({ command, cwd: root }, { presets })
  assert.ok(known.ok, JSON.stringify(known))
  assert.equal(known.source, 'preset @modelcontextprotocol/server-everything')
  const configured = await prepare({ command, cwd: root, permissions: {} }, { presets })
  assert.ok(configured.ok && configured.source === 'configuration')
})

test('a broken document is a refusal that names the field, never a start without it', async () => {
  for (const [permissions, reason] of [
    [{ files: { read: ['/'] } }, /permissions of s: files\.read\[0\]: "\/" gives away/u],
    [{ nett: 'none' }, /nett: is not known here/u],
    ['none', /is not an object/u],
    [null, undefined],
  ] as const) {
    const prepared = await prepare({ permissions })
    if (reason === undefined) continue
    assert.ok(!prepared.ok)
    assert.match(prepared.reason, reason)
  }
})

test('a document that was written for another command gives nothing to this one', async () => {
  const prepared = await prepare({ permissions: { command: ['node', 'other.js'] } })
  assert.ok(!prepared.ok && /another command/u.test(prepared.reason))
})

test('hosts without anybody to judge them are refused; with a room, the room is entered and closed', async () => {
  const permissions = { net: { hosts: ['a.example'] } }
  const refused = await prepare({ permissions })
  assert.ok(!refused.ok && /nothing here can judge/u.test(refused.reason))
  let closed = 0
  const opened: unknown[] = []
  const egress: EgressPort = {
    open: async (server, hosts) => {
      opened.push(server, hosts)
      const enter = ['/usr/bin/nsenter', '--'] as const
      return { kind: 'namespace', enter, enterAsRoot: enter, files: {}, close: async () => void closed++ }
    },
  }
  const prepared = await prepare({ permissions }, { egress })
  assert.ok(prepared.ok && prepared.launch.command === '/usr/bin/nsenter')
  assert.deepEqual(opened, ['s', [{ name: 'a.example', port: 443 }]])
  await prepared.release()
  assert.equal(closed, 1)
})

test('a network that could not be made stops the start, and a proxy in its place is not taken', async () => {
  const permissions = { net: { hosts: ['a.example'] } }
  const broken: EgressPort = { open: () => Promise.reject(new Error('no nft')) }
  const failed = await prepare({ permissions }, { egress: broken })
  assert.ok(!failed.ok && /no nft/u.test(failed.reason))
  let closed = 0
  const proxy: EgressPort = {
    open: async () => ({ kind: 'proxy', port: 1, env: {}, close: async () => void closed++ }),
  }
  const wrong = await prepare({ permissions }, { egress: proxy })
  assert.ok(!wrong.ok && /namespace/u.test(wrong.reason))
  assert.equal(closed, 1, 'what was opened is closed again')
})

test('a server that is let go twice takes nothing from another start in the same folder', async () => {
  const project = layOut({ 'src/': '' })
  const starting = () => prepare({ cwd: project, permissions: { files: { write: [project] } } })
  const [one, two] = [await starting(), await starting()]
  assert.ok(one.ok && two.ok, JSON.stringify([one, two]))
  await one.release()
  await one.release()
  assert.ok(existsSync(join(project, '.mcp.json')))
  await two.release()
  assert.ok(!existsSync(join(project, '.mcp.json')))
})

test('covers made for a start that is refused are taken away again', async () => {
  const project = layOut({ 'src/': '' })
  const permissions = { files: { write: [project] }, net: { hosts: ['a.example'] } }
  const egress: EgressPort = { open: async () => ({ kind: 'proxy', port: 1, env: {}, close: async () => undefined }) }
  assert.equal((await prepare({ permissions }, { egress })).ok, false)
  assert.ok(!existsSync(join(project, '.mcp.json')))
})

test('staged writes reach the copy, not the project, and wait for review', {
  skip,
  ...proves('P.staging'),
}, async () => {
  const project = layOut({ 'a.txt': 'mine' })
  const stagingFolder = temporaryFolder()
  const code =
    "require('fs').writeFileSync(process.argv[1]+'/a.txt','theirs');require('fs').writeFileSync(process.argv[1]+'/.mcp.json','{}')"
  const server = { command: ['node', '-e', code, project], permissions: { files: { write: [project], staging: true } } }
  const prepared = await prepare(server, { stagingFolder }, machine)
  assert.ok(prepared.ok, JSON.stringify(prepared))
  const { command, args, env, inputs, hold } = prepared.launch
  const ran = await runOnce({ argv: [command, ...args], env, inputs, hold }, 10_000)
  await prepared.release()
  assert.equal(ran.code, 0, ran.stderr)
  assert.equal(readFileSync(join(project, 'a.txt'), 'utf8'), 'mine')
  const [stage] = stagesIn(stagingFolder)
  assert.ok(stage)
  assert.deepEqual(
    reviewStage(stage).changes.map(({ path, isProtected }) => [path, isProtected]),
    [
      ['.mcp.json', true],
      ['a.txt', false],
    ],
  )
})

test('staging without a folder for copies, or in a tier that cannot, is refused', async () => {
  const project = layOut({ 'a.txt': 'mine' })
  const permissions = { files: { write: [project], staging: true } }
  assert.equal((await prepare({ permissions })).ok, false)
  const none = await prepare({ permissions }, { stagingFolder: temporaryFolder(), accept: ['none'] })
  assert.ok(!none.ok && /cannot stage/u.test(none.reason))
})

test('no sandbox on the machine is no start', async () => {
  const prepared = await prepare({}, {}, await probeMachine({ asksEngine: false, toolFolders: [temporaryFolder()] }))
  assert.ok(!prepared.ok)
  assert.match(prepared.reason, /missing/u)
  assert.match(prepared.wayOut, /install/u)
})

test('official servers answer from inside, started as their configuration says', {
  skip,
  ...proves('C3.sandbox', 'B.process'),
}, async () => {
  const project = layOut({ 'x.txt': 'x' })
  writeFileSync(join(project, 'y.txt'), 'y')
  const line = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } } })}\n`
  for (const [server, ...args] of [
    ['filesystem', project],
    ['memory'],
    ['everything'],
    ['sequential-thinking'],
  ] as const) {
    const command = ['npx', '-y', `@modelcontextprotocol/server-${server}`, ...args]
    const prepared = await prepare({ command, cwd: root }, { presets, stateFolder: temporaryFolder() }, machine)
    assert.ok(prepared.ok, JSON.stringify(prepared))
    const { answered } = await ask(prepared.launch, line)
    assert.match(answered, /"serverInfo"/u, server)
    await prepared.release()
  }
})

async function ask(launch: Launch, line: string) {
  const { spawn } = await import('node:child_process')
  const held = launch.hold?.()
  assert.ok(held?.ok)
  const child = spawn(launch.command, [...launch.args], {
    env: { ...launch.env },
    stdio: ['pipe', 'pipe', 'pipe', ...launch.inputs.map(() => 'pipe' as const), ...held.descriptors],
  })
  held.close()
  launch.inputs.forEach((bytes, i) => {
    const pipe = child.stdio[3 + i]
    if (pipe && 'end' in pipe) pipe.end(bytes)
  })
  child.stdin?.write(line)
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  let [answered, stderr] = ['', '']
  child.stderr?.on('data', data => (stderr += data))
  await new Promise<void>(resolve => {
    child.stdout?.on('data', data => {
      answered += data
      if (answered.includes('\n')) resolve()
    })
    child.on('close', () => resolve())
  })
  clearTimeout(timer)
  child.kill('SIGKILL')
  return { answered: answered || stderr }
}
