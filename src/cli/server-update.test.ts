import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { callEvent } from '../../test/audit/recorded.ts'
import { proves } from '../../test/guide/proves.ts'
import { layOut } from '../../test/temporary.ts'
import { openAuditLog } from '../audit/log.ts'
import { redactJson, redactText } from '../audit/redact.ts'
import type { ServerName } from '../core/brand.ts'
import { type PackageSource, storePackage } from '../trust/package-store.ts'
import { enterServer } from '../trust/server-register.ts'
import { changeLock } from '../trust/store-change.ts'

type Context = { after(done: () => void): void; skip(why: string): void; diagnostic(text: string): void }

function home(t: Context, path = '') {
  const state = mkdtempSync(join(tmpdir(), 'server-cli-'))
  t.after(() => rmSync(state, { recursive: true, force: true }))
  return {
    state,
    run: (words: readonly string[], input = '') => {
      const options = {
        env: { ...process.env, SALLYPORT_STATE: state, PATH: `${path}${process.env['PATH']}` },
        input,
        encoding: 'utf8',
        timeout: 150_000,
      } as const
      return spawnSync(process.execPath, ['src/cli/main.ts', ...words], options)
    },
  }
}

const memory = '@modelcontextprotocol/server-memory'
const calls = [
  { tool: 'create_entities', arguments: { entities: [{ name: 'a', entityType: 't', observations: ['x'] }] } },
  { tool: 'read_graph', arguments: {} },
]

test('a real official server is installed, updated in staging, promoted, rolled back, and refused once tampered with', {
  ...proves('C6.staging', 'C6.redescribe', 'F.integrity', 'T5.pin'),
  timeout: 300_000,
}, async t => {
  const { state, run } = home(t)
  const added = run(['server', 'add', 'notes', `${memory}@2025.11.25`, '--why', 'keeps notes', '--owner', 'me'])
  if (
    added.status !== 0 &&
    /npm failed|could not be started|in time|has no such (?:package|version)/u.test(added.stderr)
  )
    return t.skip(`skipped: the registry cannot be reached: ${added.stderr.trim()}`)
  assert.equal(added.status, 0, added.stderr)
  const file = join(state, 'calls.jsonl')
  writeFileSync(file, calls.map(call => JSON.stringify(call)).join('\n'))
  const staged = run(['update', 'notes', '--to', '2026.8.31', '--calls', file, '--json'])
  const report = JSON.parse(staged.stdout)
  if (report.recommendation === 'do not promote') return t.skip(`skipped: no sandbox here: ${report.because}`)
  assert.equal(report.recommendation, 'review')
  const texts: string[] = report.changes.map((change: { text: string }) => change.text)
  assert.ok(
    texts.some(text => /tools: create_entities has another/u.test(text)),
    texts.join('\n'),
  )
  const active = () => JSON.parse(run(['server', 'list', '--json']).stdout).servers.notes.active
  assert.equal(active(), `npm:${memory}@2025.11.25`, 'staging changes nothing')
  assert.equal(
    run(['update', 'notes', '--to', '2026.8.31', '--calls', file, '--promote']).status,
    1,
    'not without a person',
  )
  assert.equal(run(['update', 'notes', '--to', '2026.8.31', '--calls', file, '--promote', '--accept']).status, 0)
  assert.equal(active(), `npm:${memory}@2026.8.31`)
  assert.equal(run(['rollback', 'notes']).status, 0)
  assert.equal(active(), `npm:${memory}@2025.11.25`)
  await refusesTampered(state)
})

async function refusesTampered(state: string): Promise<void> {
  const { findStored } = await import('../trust/find-stored.ts')
  const wanted = { ecosystem: 'npm', name: memory, version: undefined } as const
  const found = findStored(wanted, join(state, 'packages'))
  assert.ok(typeof found === 'string' && /2025-?\.?11/u.test(found), 'a loose version is the one in force')
  appendFileSync(join(found, 'dist/index.js'), '\n')
  const refused = findStored(wanted, join(state, 'packages'))
  assert.ok(typeof refused === 'object' && !refused.ok && /dist\/index\.js was changed/u.test(refused.reason))
  const env = { ...process.env, SALLYPORT_STATE: state }
  const ran = spawnSync(process.execPath, ['src/cli/main.ts', 'exec', '--', 'npx', '-y', `${memory}@2025.11.25`], {
    ...{ env, encoding: 'utf8', timeout: 60_000 },
    input: `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } } })}\n`,
  })
  assert.match(ran.stdout + ran.stderr, /dist\/index\.js was changed/u)
}

const notes = (version: string, milk: string) => `
const answer = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }))
const tool = (name, ...required) => ({
  name, annotations: { readOnlyHint: true }, inputSchema: { type: 'object', required },
})
const texts = { get_about: () => '${version}', get_time: () => String(Math.random()), read_note: ({ name }) => name + ': ${milk}' }
require('readline').createInterface({ input: process.stdin }).on('line', line => {
  const { id, method, params } = JSON.parse(line)
  if (method === 'initialize')
    answer(id, { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'n', version: '1' } })
  else if (method === 'tools/list') answer(id, { tools: [tool('get_about'), tool('get_time'), tool('read_note', 'name')] })
  else if (method === 'tools/call')
    answer(id, { content: [{ type: 'text', text: texts[params.name](params.arguments) }] })
  else if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no' } }))
})
`

/** Two versions of a server in the store and its register, as if they had been fetched before: no registry is asked. */
async function stored(state: string): Promise<void> {
  const root = join(state, 'packages')
  const source: PackageSource = {
    ...{ ecosystem: 'npm', isName: () => true },
    install: async ({ name, spec }, folder) => {
      const manifest = JSON.stringify({ name, version: spec, bin: 'main.js' })
      const main = notes(spec === '1.2.0' ? '1.2.0' : '1.0.0', spec === '1.2.0' ? 'sour' : 'fresh')
      layOut({ [`node_modules/${name}/package.json`]: manifest, [`node_modules/${name}/main.js`]: main }, folder)
      return { ok: true, name, version: spec, integrity: `sha512-${spec}`, dependencies: {}, installScripts: [] }
    },
  }
  for (const spec of ['1.0.0', '1.1.0', '1.2.0'])
    assert.ok((await storePackage({ name: 'quiet-notes', spec }, source, { root })).ok)
  const entry = { name: 'notes', key: 'npm:quiet-notes@1.0.0', owner: 'me', why: 'keeps notes', nowMs: Date.now() }
  assert.ok(changeLock({ root }, lock => enterServer(lock, entry)).ok)
}

test('without a file of calls, an update plays what the tools allow and what the record holds, and nothing that wavers', {
  ...proves('C6.staging'),
  timeout: 300_000,
}, async t => {
  // No registry has this server, and none is needed: this one knows nothing.
  const { state, run } = home(t, `${layOut({ npm: '#!/bin/sh\nexit 0\n' })}:`)
  await stored(state)
  const log = openAuditLog({ folder: join(state, 'audit') })
  log.append(
    callEvent(1, {
      server: 'notes' as ServerName,
      details: {
        ...{ type: redactText('tool.call'), tool: redactText('read_note'), passed: true },
        args: redactJson({ name: 'milk' }),
      },
    }),
  )
  await log.close()
  const report = (version: string) => {
    const done = run(['update', 'notes', '--to', version, '--json'])
    assert.notEqual(done.stdout, '', done.stderr)
    return JSON.parse(done.stdout)
  }
  const same = report('1.1.0')
  if (/no sandbox for/u.test(same.because)) return t.skip(`skipped: no sandbox here: ${same.because}`)
  assert.deepEqual([same.recommendation, same.changes], ['promote', []])
  const other = report('1.2.0')
  assert.equal(other.recommendation, 'review')
  assert.deepEqual(
    other.changes.map(({ what, text }: { what: string; text: string }) => `${what}: ${text}`),
    ['answer: call 1 (get_about) is answered differently', 'answer: call 2 (read_note) is answered differently'],
  )
})

test('an unknown server, an empty register and a lock edited by hand are answered in words', t => {
  const { state, run } = home(t)
  const unknown = run(['update', 'nothing'])
  assert.equal(unknown.status, 2)
  assert.match(unknown.stderr, /there is no server nothing/u)
  assert.equal(run(['server', 'list']).status, 0)
  rmSync(join(state, 'packages'), { recursive: true, force: true })
  assert.equal(run(['rollback', 'nothing']).status, 2)
})
