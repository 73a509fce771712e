import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { permissionSchema } from '../sandbox/permission-schema.ts'
import { auditSource } from '../trust/source-audit.ts'

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
