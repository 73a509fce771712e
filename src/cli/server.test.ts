import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { layOut } from '../../test/temporary.ts'
import { permissionSchema } from '../sandbox/permission-schema.ts'
import type { StoredPackage } from '../trust/lock-file.ts'
import { enterServer } from '../trust/server-register.ts'
import { auditSource } from '../trust/source-audit.ts'
import { changeLock } from '../trust/store-change.ts'

function run(t: { after(done: () => void): void }, words: readonly string[], input = '') {
  const state = mkdtempSync(join(tmpdir(), 'server-'))
  t.after(() => rmSync(state, { recursive: true, force: true }))
  mkdirSync(join(state, 'packages'))
  if (input === 'broken lock') writeFileSync(join(state, 'packages/sallyport.lock'), '{"seal":')
  const env = { ...process.env, SALLYPORT_STATE: state }
  return spawnSync(process.execPath, ['src/cli/main.ts', ...words], { env, input, encoding: 'utf8', timeout: 60_000 })
}

test(
  'names are checked in JSON lines, one answer for each line, and a look-alike is exit 1',
  proves('T5.names', 'T2.trusted'),
  t => {
    const lines = [
      '@modelcontextprotocol/server-memory',
      '{"name":"mcp-server-fetch","ecosystem":"pypi"}',
      '@modelcontextprotocl/sdk',
      '{"name":',
      '{"name":7}',
    ]
    const { stdout, status } = run(t, ['server', 'check', '--jsonl'], lines.join('\n'))
    const answers = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    assert.deepEqual(
      answers.map(({ verdict }) => verdict),
      ['official', 'official', 'lookalike', 'unknown', 'unknown'],
    )
    assert.deepEqual(Object.keys(answers[2]).toSorted(), ['name', 'of', 'verdict', 'why'])
    assert.equal(status, 1)
  },
)

test('a look-alike is not installed, and the right name is said', proves('C1.names', 'C1.trusted'), t => {
  const { status, stderr } = run(t, ['server', 'add', 'x', '@modelcontextprotocol/server-filesytem', '--why', 'files'])
  assert.equal(status, 1)
  assert.match(stderr, /Did you mean @modelcontextprotocol\/server-filesystem/u)
})

test('a broken lock stops every command with the path and a way out', t => {
  for (const words of [
    ['server', 'list'],
    ['rollback', 'x'],
    ['server', 'owner', 'x', 'me'],
    ['update', 'x'],
  ]) {
    const { status, stderr } = run(t, words, 'broken lock')
    assert.equal(status, 2, words.join(' '))
    assert.match(stderr, /sallyport\.lock is not JSON.*put back a copy/u)
  }
})

test('what an audit proposes is a document that the sandbox takes', () => {
  for (const server of ['everything', 'filesystem', 'memory', 'postgres', 'sequential-thinking']) {
    const { proposed } = auditSource(`node_modules/@modelcontextprotocol/server-${server}`)
    assert.ok(permissionSchema.safeParse(proposed).success, server)
  }
})

test('what is changed in the register is told as JSON, too', () => {
  const root = join(layOut({ 'packages/': '' }), 'packages')
  const digest = `sha256-${'A'.repeat(43)}=`
  const stored: StoredPackage = {
    ...{ ecosystem: 'npm' as const, name: 'a', version: '1.0.0', folder: 'npm-a-1.0.0', integrity: 'sha512-x' },
    ...{ files: { digest, count: 1, bytes: 1 }, dependencies: {}, installScripts: [] },
    ...{ publisher: 'unknown', provenance: 'unknown' as const, installedAt: new Date(0).toISOString() },
  }
  const made = changeLock({ root }, lock => {
    const packages = { ...lock.packages, 'npm:a@1.0.0': stored }
    return enterServer({ ...lock, packages }, { name: 'a', key: 'npm:a@1.0.0', owner: 'me', why: 'notes', nowMs: 0 })
  })
  assert.ok(made.ok)
  const told = (...words: string[]) => {
    const env = { ...process.env, SALLYPORT_STATE: dirname(root) }
    const options = { env, encoding: 'utf8', timeout: 60_000 } as const
    return JSON.parse(spawnSync(process.execPath, ['src/cli/main.ts', 'server', ...words, '--json'], options).stdout)
  }
  assert.deepEqual(told('owner', 'a', 'ann').server.owner, 'ann')
  assert.deepEqual(told('why', 'a', 'my notes').server.why, 'my notes')
  const { server, dependencies } = told('review', 'a', '--days', '30')
  assert.deepEqual([server.reviewDays, dependencies.length], [30, 1])
  assert.deepEqual(told('remove', 'a'), { name: 'a', server: null })
  assert.equal(told('check', '@modelcontextprotocol/server-filesytem')[0].verdict, 'lookalike')
})
