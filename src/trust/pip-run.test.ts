import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { findPython, pipEnvironment, pipReason, runPip } from './pip-run.ts'

test('a Python is found with its real path and minor version, and none is none', async t => {
  const python = await findPython(process.env)
  if (python === undefined) return t.skip('skipped: no Python with pip here')
  assert.match(python.version, /^3\.\d+$/u)
  assert.ok(existsSync(python.program) && !python.program.includes('/shims/'))
  assert.equal(await findPython(process.env, 'no-such-python'), undefined)
})

test('pip can start no other program', { timeout: 60_000 }, async t => {
  const python = await findPython(process.env)
  if (python === undefined) return t.skip('skipped: no Python with pip here')
  const folder = mkdtempSync(join(tmpdir(), 'pip-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'setup.py'), `open('ran', 'w').write('x')\nfrom setuptools import setup\nsetup(name='x')`)
  writeFileSync(join(folder, 'pip.py'), `open('ran', 'w').write('x')`)
  const end = await runPip(['install', '--dry-run', '--no-index', '.'], {
    python,
    folder,
    env: process.env,
    timeoutMs: 30_000,
  })
  assert.ok(end.kind === 'ended' && end.code !== 0, JSON.stringify(end))
  assert.equal(pipReason(end.said), 'a package has to be built, and a build runs its code')
  assert.equal(existsSync(join(folder, 'ran')), false, 'neither the build nor a pip.py of the folder ran')
})

test('pip sees where the index is and how to reach it, and no other secret', () => {
  const env = {
    PATH: '/bin',
    HTTPS_PROXY: 'p',
    PIP_CERT: 'c',
    AWS_SECRET_ACCESS_KEY: 'x',
    PYTHONPATH: '/x',
    GITHUB_TOKEN: 'y',
  }
  assert.deepEqual(pipEnvironment(env), {
    PATH: '/bin',
    HTTPS_PROXY: 'p',
    PIP_CERT: 'c',
    PIP_BREAK_SYSTEM_PACKAGES: '1',
  })
  const index = (more: Record<string, string>) => pipEnvironment(more)['PIP_INDEX_URL']
  assert.equal(index({ UV_DEFAULT_INDEX: 'mine=https://a.example/simple' }), 'https://a.example/simple')
  assert.equal(index({ UV_INDEX_URL: 'https://b.example' }), 'https://b.example')
  assert.equal(index({ PIP_INDEX_URL: 'https://c.example', UV_INDEX_URL: 'https://b.example' }), 'https://c.example')
})

test('a reason never repeats the password of an index', () => {
  assert.equal(
    pipReason('x\nERROR: no route to https://me:hunter2@a.example/simple\n'),
    'pip failed: no route to https://a.example/simple',
  )
  assert.match(pipReason('ERROR: Could not find a version that satisfies'), /no wheel/u)
})
