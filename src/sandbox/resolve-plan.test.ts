import assert from 'node:assert/strict'
import { existsSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import type { Machine } from './machine.ts'
import { obstacle } from './obstacle.ts'
import { readPermission } from './permission.ts'
import { resolvePlan, withPins } from './resolve-plan.ts'

const machine: Machine = {
  ...{ platform: 'linux', architecture: 'x64', uid: 1, gid: 1, home: '/home/nobody-here', kernel: [6, 1], tools: {} },
  root: { links: {}, libraries: [], programs: [], settings: [], covered: [] },
  bubblewrap: obstacle('missing', ''),
  container: obstacle('missing', ''),
  canBeAnother: false,
}

async function plan(
  cwd: string,
  document: unknown,
  env: Readonly<Record<string, string>> = {},
  command: readonly string[] = ['node', '-e', ''],
) {
  const reading = readPermission(document, { cwd, home: machine.home })
  assert.ok(reading.ok, JSON.stringify(reading))
  const search = { cwd, home: machine.home, path: '', node: process.execPath }
  const findSecret = async ({ name }: { name: string }) => (name === 'api' ? 's3cret' : undefined)
  const wish = { server: 's', command, cwd, env, permission: reading.permission }
  return resolvePlan(wish, { machine, search, findPackage: () => undefined, findSecret })
}

const reference = (name: string) => '$'.concat(`{keyring:${name}}`)

test('nothing of the gateway’s environment comes in; secrets are resolved, and a missing one stops the start', async () => {
  const root = layOut({ 'a/': '' })
  process.env['SALLYPORT_TEST_LEAK'] = 'x'
  const found = await plan(root, { env: { KEY: `Bearer ${reference('api')}` } }, { MODE: 'm' })
  assert.ok(found.ok)
  assert.deepEqual(Object.keys(found.plan.env).sort(), ['HOME', 'KEY', 'LANG', 'MODE', 'PATH', 'TMPDIR'])
  assert.equal(found.plan.env['KEY'], 'Bearer s3cret')
  const missing = await plan(root, { env: { KEY: reference('nowhere') } })
  assert.ok(!missing.ok && /keyring:nowhere for KEY was not found/u.test(missing.reason))
})

test('a value that configuration gives is final, even when it looks like a reference', async () => {
  const found = await plan('/', {}, { KEY: reference('api') })
  assert.ok(found.ok && found.plan.env['KEY'] === reference('api'))
})

test('a dangerous variable is refused wherever it was written', async () => {
  const found = await plan('/', {}, { LD_PRELOAD: '/tmp/x.so' })
  assert.ok(!found.ok && /LD_PRELOAD/u.test(found.reason))
})

test('declared paths are resolved now: a missing one, a file to write and a broad link are refused', async () => {
  const root = layOut({ 'a.txt': '', up: '→ /etc', 'dir/': '' })
  for (const [document, reason] of [
    [{ files: { read: ['./none'] } }, /files\.read\[0\].*does not exist/u],
    [{ files: { write: ['./a.txt'] } }, /is a file/u],
    [{ files: { read: ['./up'] } }, /leads to "\/etc"/u],
    [{ children: ['no-such-program-here'] }, /not installed/u],
  ] as const) {
    const found = await plan(root, document)
    assert.ok(!found.ok, JSON.stringify(document))
    assert.match(found.reason, reason)
  }
})

test('a declared link works under its own name and under the one it leads to', async () => {
  const root = layOut({ 'real/x': '', link: '→ real' })
  const found = await plan(root, { files: { read: ['./link'] } })
  assert.ok(found.ok)
  assert.deepEqual(found.plan.read, [
    { path: join(root, 'real'), from: join(root, 'real') },
    { path: join(root, 'link'), from: join(root, 'real') },
  ])
})

test('a writable project whose editor settings are a link must be staged', async () => {
  const root = layOut({ 'shared/': '', '.vscode': '→ shared' })
  const found = await plan(root, { files: { write: ['.'] } })
  assert.ok(!found.ok && /staging: true/u.test(found.wayOut))
  assert.ok((await plan(root, { files: { write: ['.'], staging: true } })).ok)
})

test('covers are made only once everything else is settled', async () => {
  const root = layOut({ 'src/': '' })
  const found = await plan(root, { files: { write: ['.'] } })
  assert.ok(found.ok)
  assert.ok(!existsSync(join(root, '.mcp.json')))
  const { plan: pinned, covers } = withPins(found.plan)
  assert.ok(existsSync(join(root, '.mcp.json')) && covers.length > 0)
  assert.ok(pinned.pins.some(({ path, how }) => path === join(root, '.mcp.json') && how === 'keep'))
})

const python = '/usr/bin/python3'
const isLink = lstatSync(python, { throwIfNoEntry: false })?.isSymbolicLink() === true

test('names between an environment and an interpreter of /usr are shown, unless every program is shown anyway', {
  skip: isLink ? false : `needs ${python} to be a link`,
}, async () => {
  const root = layOut({ 'v/pyvenv.cfg': 'home = /usr/bin\n', 'v/bin/python3': `→ ${python}` })
  const command = [join(root, 'v/bin/python3'), '-c', '']
  const named = async (children: unknown) => {
    const found = await plan(root, { children }, {}, command)
    assert.ok(found.ok, JSON.stringify(found))
    return found.plan.read.map(({ path }) => path)
  }
  assert.ok((await named('none')).includes(python))
  // Bound over a link of /usr, the name would stand for a file of its own: bubblewrap cannot make it there.
  assert.deepEqual(
    (await named('any')).filter(path => path.startsWith('/usr/')),
    [],
  )
})
