import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { StoredPackage } from './lock-file.ts'
import { findPython } from './pip-run.ts'
import { pypiName, pythonCommand, writeStarters } from './python-start.ts'

function folder(t: { after(done: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'start-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const stored: StoredPackage = {
  ...{ ecosystem: 'pypi', name: 'quiet-server', version: '1.0.0', folder: 'x', integrity: 'sha256-x' },
  ...{ files: { digest: `sha256-${'A'.repeat(43)}=`, count: 1, bytes: 1 }, dependencies: {}, installScripts: [] },
  ...{ publisher: 'unknown', provenance: 'unknown', installedAt: '2026-01-01T00:00:00.000Z' },
}

test('names are compared as PyPI compares them', () => {
  for (const name of ['MCP_Server.time', 'mcp--server-_time', 'mcp-server-time'])
    assert.equal(pypiName(name), 'mcp-server-time')
})

test('only console scripts with plain names get a starter: no line of an author becomes code of another kind', t => {
  const at = folder(t)
  const lines = [
    '[console_scripts]',
    'quiet-server = quiet.main:run',
    'with-extra = quiet:Main.run [fast]',
    "evil = quiet:run(__import__('os').system('id'))",
    'evil2 = quiet; import os:run',
    '../up = quiet:run',
    '.hidden = quiet:run',
    '[gui_scripts]',
    'window = quiet:run',
  ]
  assert.deepEqual(writeStarters(at, lines.join('\n'), '3.11'), ['quiet-server', 'with-extra'])
  assert.deepEqual(readdirSync(join(at, 'start')).toSorted(), ['quiet-server.py', 'with-extra.py'])
  assert.match(
    readFileSync(join(at, 'start', 'with-extra.py'), 'utf8'),
    /from quiet import Main\nsys\.exit\(Main\.run\(\)\)/u,
  )
  assert.deepEqual(writeStarters(folder(t), '', '3.11'), [])
})

test('a starter imports what is stored and nothing of the machine, and refuses another Python', async t => {
  const python = await findPython(process.env)
  if (python === undefined) return t.skip('skipped: no Python with pip here')
  const at = folder(t)
  mkdirSync(join(at, 'site'))
  writeFileSync(
    join(at, 'site', 'quiet.py'),
    `import sys
def run():
    print([p for p in sys.path if 'site-packages' in p or 'dist-packages' in p or p == ''], sys.argv)`,
  )
  writeStarters(at, '[console_scripts]\nquiet-server = quiet:run', python.version)
  const command = pythonCommand(
    { ...stored, python: { program: python.program, version: python.version } },
    at,
    undefined,
  )
  assert.ok(command.ok)
  const [program = '', ...args] = command.command
  const env = { PYTHONPATH: '/tmp/planted', PYTHONSTARTUP: '/tmp/planted.py' }
  const ran = spawnSync(program, [...args, 'word'], { encoding: 'utf8', env, timeout: 30_000 })
  assert.equal(ran.stdout, "[] ['quiet-server', 'word']\n", ran.stderr)
  assert.deepEqual(readdirSync(join(at, 'site')), ['quiet.py'], 'nothing is left in the store')
  writeStarters(at, '[console_scripts]\nquiet-server = quiet:run', '2.7')
  const other = spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 })
  assert.match(other.stderr, /stored for Python 2\.7; this is 3\.\d+: add the server anew/u)
})

test('a Python that is gone and a program that there is not are refused with what to do', t => {
  const at = folder(t)
  writeStarters(at, '[console_scripts]\nquiet-server = quiet:run', '3.11')
  const gone = pythonCommand({ ...stored, python: { program: '/no/such/python3.11', version: '3.11' } }, at, undefined)
  assert.ok(!gone.ok && /which is gone/u.test(gone.reason))
  const here = { ...stored, python: { program: process.execPath, version: '3.11' } }
  for (const bin of ['other', '../start/quiet-server', '']) assert.equal(pythonCommand(here, at, bin).ok, false, bin)
  assert.ok(pythonCommand(here, at, 'quiet-server').ok)
})
