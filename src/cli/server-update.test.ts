import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'

type Context = { after(done: () => void): void; skip(why: string): void; diagnostic(text: string): void }

function home(t: Context) {
  const state = mkdtempSync(join(tmpdir(), 'server-cli-'))
  t.after(() => rmSync(state, { recursive: true, force: true }))
  return {
    state,
    run: (words: readonly string[], input = '') => {
      const options = {
        env: { ...process.env, SALLYPORT_STATE: state },
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
  if (added.status !== 0 && /npm failed|could not be started|in time/u.test(added.stderr))
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

test('an unknown server, an empty register and a lock edited by hand are answered in words', t => {
  const { state, run } = home(t)
  const unknown = run(['update', 'nothing'])
  assert.equal(unknown.status, 2)
  assert.match(unknown.stderr, /there is no server nothing/u)
  assert.equal(run(['server', 'list']).status, 0)
  rmSync(join(state, 'packages'), { recursive: true, force: true })
  assert.equal(run(['rollback', 'nothing']).status, 2)
})
