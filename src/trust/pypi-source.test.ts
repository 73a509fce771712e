import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { wheelFile } from '../../test/zip-file.ts'
import { findStored } from './find-stored.ts'
import { readLock } from './lock-file.ts'
import { storePackage } from './package-store.ts'
import { findPython } from './pip-run.ts'
import { newPypiSource } from './pypi-source.ts'
import { lockPath } from './store-change.ts'

type Context = { after(done: () => void): void }

/** File name → contents, and what the index says its hash is where that is a lie. */
type Files = Readonly<Record<string, Buffer>>
type Lies = {
  readonly hash?: string | null
  readonly html?: boolean
  readonly silent?: boolean
  readonly yanked?: string
}

/** An index on loopback, in JSON or in the older HTML. */
async function index(t: Context, files: Files, { hash, html = false, silent = false, yanked }: Lies = {}) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (silent) return
    const [, kind = '', last = ''] = (request.url ?? '').split('/')
    if (kind === 'files') return void response.end(files[decodeURIComponent(last)])
    const own = Object.entries(files).filter(([name]) =>
      name.toLowerCase().replaceAll(/[_.]/gu, '-').startsWith(`${kind}-`),
    )
    const sum = (body: Buffer) => hash ?? createHash('sha256').update(body).digest('hex')
    if (html) {
      response.setHeader('content-type', 'text/html')
      const links = own.map(
        ([name, body]) => `<a href="/files/${name}${hash === null ? '' : `#sha256=${sum(body)}`}">${name}</a>`,
      )
      return void response.end(`<!DOCTYPE html><html><body>${links.join('')}</body></html>`)
    }
    response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json')
    const list = own.map(([filename, body]) => ({
      filename,
      url: `/files/${filename}`,
      hashes: hash === null ? {} : { sha256: sum(body) },
      ...(yanked === undefined ? {} : { yanked }),
    }))
    response.end(JSON.stringify({ meta: { 'api-version': '1.0' }, name: kind, files: list }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
}

const python = await findPython(process.env)
const without = python === undefined ? { skip: 'skipped: no Python with pip here' } : {}
const slow = { ...without, timeout: 120_000 }

async function add(t: Context, files: Files, lies: Lies & { spec?: string; env?: Record<string, string> } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'pypi-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const { url, asked } = await index(t, files, lies)
  const env = {
    ...{ PATH: process.env['PATH'], HOME: root, PIP_CONFIG_FILE: '/dev/null', PIP_INDEX_URL: url },
    ...{ PIP_RETRIES: '0', PIP_TIMEOUT: '5', PIP_NO_CACHE_DIR: '1', ...lies.env },
  }
  const store = join(root, 'store')
  const limits = { files: 1000, bytes: 2_000_000, depth: 20 }
  const source = newPypiSource({ env, limits, timeoutMs: lies.silent === true ? 4000 : 60_000 })
  const stored = await storePackage({ name: 'Quiet_Server', spec: lies.spec ?? '1.0.0' }, source, { root: store })
  return { root, store, stored, asked, why: stored.ok ? 'stored' : stored.reason }
}

const main = { path: 'quiet/__init__.py', body: 'import helper\ndef run():\n    print("ran", helper.x)\n' }
const server = (requires: readonly string[] = ['helper-lib>=1']) =>
  wheelFile('quiet-server', '1.0.0', { requires, entry: 'quiet-server = quiet:run', parts: [main] })
const helper = wheelFile('helper-lib', '1.2.0', { parts: [{ path: 'helper.py', body: 'x = 7\n' }] })
const honest = {
  'quiet_server-1.0.0-py3-none-any.whl': server(),
  'helper_lib-1.2.0-py3-none-any.whl': helper,
  'helper_lib-0.9.0-py3-none-any.whl': wheelFile('helper-lib', '0.9.0'),
}

for (const html of [false, true])
  test(
    `a package and what it needs are stored with exact versions and hashes from an index in ${html ? 'HTML' : 'JSON'}`,
    slow,
    async t => {
      const { store, stored } = await add(t, honest, { html })
      assert.ok(stored.ok, JSON.stringify(stored))
      assert.equal(stored.key, 'pypi:quiet-server@1.0.0')
      assert.deepEqual(stored.stored.dependencies, { 'quiet-server': '1.0.0', 'helper-lib': '1.2.0' })
      const hash = `sha256-${createHash('sha256').update(helper).digest('base64')}`
      assert.equal(stored.stored.archives?.['helper_lib-1.2.0-py3-none-any.whl'], hash)
      const found = findStored({ ecosystem: 'pypi', name: 'quiet.server', version: '1.0.0' }, store)
      assert.ok(typeof found === 'object' && found.ok, JSON.stringify(found))
      const [program = '', ...args] = found.command
      assert.equal(spawnSync(program, args, { encoding: 'utf8', timeout: 30_000 }).stdout, 'ran 7\n')
      assert.ok(readLock(lockPath(store)).ok)
      assert.equal(
        typeof findStored({ ecosystem: 'pypi', name: 'quiet-server', version: '1.0.0.post1' }, store),
        'undefined',
      )
    },
  )

test('a version that its author withdrew is refused, also where it is named exactly', slow, async t => {
  const { why } = await add(t, { 'quiet_server-1.0.0-py3-none-any.whl': server([]) }, { yanked: 'stolen key' })
  assert.match(why, /withdrawn by its author/u)
})

test('an archive that holds another version than its name says is refused', slow, async t => {
  const old = wheelFile('quiet-server', '0.9.0', { entry: 'quiet-server = quiet:run', parts: [main] })
  assert.notEqual((await add(t, { 'quiet_server-1.0.0-py3-none-any.whl': old })).why, 'stored')
})

test('the one index that is named is the only one asked, whatever the file of pip says', slow, async t => {
  const root = temporaryFolder()
  const alone = (version: string) => ({
    [`quiet_server-${version}-py3-none-any.whl`]: wheelFile('quiet-server', version, {
      ...{ entry: 'quiet-server = quiet:run', parts: [{ path: 'quiet/__init__.py', body: 'def run(): pass' }] },
    }),
  })
  const [named, other] = [await index(t, alone('1.0.0')), await index(t, alone('9.0.0'))]
  const file = join(
    layOut({ 'pip.conf': `[global]\nextra-index-url = ${other.url}\n[install]\nextra-index-url = ${other.url}\n` }),
    'pip.conf',
  )
  const env = { PATH: process.env['PATH'], HOME: root, PIP_CONFIG_FILE: file, PIP_RETRIES: '0', PIP_NO_CACHE_DIR: '1' }
  const source = newPypiSource({ env, index: named.url, timeoutMs: 60_000 })
  const stored = await storePackage({ name: 'quiet-server', spec: 'latest' }, source, { root: join(root, 'store') })
  assert.equal(stored.ok && stored.key, 'pypi:quiet-server@1.0.0', JSON.stringify(stored))
  assert.deepEqual(other.asked, [])
})

/** A source archive whose build leaves a mark, for whoever builds it. */
function sourceArchive(mark: string): Buffer {
  const body = Buffer.from(
    `open(${JSON.stringify(mark)}, 'w').write('ran')\nfrom setuptools import setup\nsetup(name='quiet-server', version='1.0.0')\n`,
  )
  const header = new Header({ path: 'quiet_server-1.0.0/setup.py', type: 'File', size: body.length, mode: 0o644 })
  const head = Buffer.alloc(512)
  header.encode(head, 0)
  return gzipSync(Buffer.concat([head, body, Buffer.alloc(512 - (body.length % 512)), Buffer.alloc(1024)]))
}

test('a package that is there only as a source archive is not built', slow, async t => {
  const mark = join(tmpdir(), `built-${process.pid}-a`)
  const { why, asked } = await add(t, { 'quiet_server-1.0.0.tar.gz': sourceArchive(mark) })
  assert.match(why, /no wheel that fits/u)
  assert.equal(existsSync(mark), false)
  assert.ok(
    asked.every(url => !url.endsWith('.gz')),
    'it is not even fetched',
  )
})

test('a dependency named by its own address is not built either: no process is started for it', slow, async t => {
  const mark = join(tmpdir(), `built-${process.pid}-b`)
  const other = await index(t, { 'evil-1.0.0.tar.gz': sourceArchive(mark) })
  for (const address of [`${other.url}files/evil-1.0.0.tar.gz`, 'git+file:///tmp/no-such-repository'])
    assert.match(
      (await add(t, { 'quiet_server-1.0.0-py3-none-any.whl': server([`evil @ ${address}`]) })).why,
      /built|address|pip failed/u,
    )
  assert.equal(existsSync(mark), false)
})

test('a wheel named by its own address is not taken, although nothing is built for it', slow, async t => {
  const other = await index(t, honest)
  const requires = [`helper-lib @ ${other.url}files/helper_lib-1.2.0-py3-none-any.whl`]
  const { why } = await add(t, { 'quiet_server-1.0.0-py3-none-any.whl': server(requires) })
  assert.match(why, /address of its own/u)
})

for (const [what, files, lies, says] of [
  ['gives another hash than the archive has', honest, { hash: 'a'.repeat(64) }, /not the one whose hash/u],
  ['says nothing', honest, { silent: true }, /in time/u],
  ['has no such package', {}, {}, /no wheel that fits/u],
  [
    'has an archive of another package',
    { ...honest, 'quiet_server-1.0.0-py3-none-any.whl': wheelFile('other', '1.0.0') },
    {},
    /other|pip failed|no wheel/u,
  ],
  [
    'has an archive that climbs out',
    {
      ...honest,
      'helper_lib-1.2.0-py3-none-any.whl': wheelFile('helper-lib', '1.2.0', { parts: [{ path: '../../up.py' }] }),
    },
    {},
    /leads out/u,
  ],
  [
    'has a bomb',
    {
      ...honest,
      'helper_lib-1.2.0-py3-none-any.whl': wheelFile('helper-lib', '1.2.0', {
        parts: [{ path: 'z', body: Buffer.alloc(2_500_000) }],
      }),
    },
    {},
    /holds more than \d+ bytes/u,
  ],
  [
    'has a library without a program',
    { 'quiet_server-1.0.0-py3-none-any.whl': wheelFile('quiet-server', '1.0.0') },
    {},
    /no program/u,
  ],
] as const)
  test(`an index that ${what} leaves nothing behind`, slow, async t => {
    const { store, stored, why } = await add(t, files, lies)
    assert.ok(!stored.ok, what)
    assert.match(why, says)
    assert.deepEqual(readdirSync(store), [])
  })

test('a second index is not asked, since the highest version of any would win', without, async t => {
  const { why, asked } = await add(t, honest, { env: { UV_EXTRA_INDEX_URL: 'http://127.0.0.1:1/' } })
  assert.match(why, /left to chance/u)
  assert.deepEqual(asked, [])
})

test(
  'a name or version that is a flag, a path, an address or a marker is refused before anything is asked',
  without,
  async t => {
    for (const spec of ['--pre', '@ http://127.0.0.1/x', '; python_version', '../x', '1.0; os', '>=1 ; x', '']) {
      const { why, asked } = await add(t, honest, { spec })
      assert.match(why, /no version or range/u, spec)
      assert.deepEqual(asked, [], spec)
    }
    const { isName } = newPypiSource()
    for (const name of ['--pre', '-r', 'a b', 'a/b', '../a', 'a[x]', 'a@b', '', 'a-', '.a'])
      assert.equal(isName(name), false, name)
  },
)

test(
  'a changed byte of a stored wheel, and a compiled file that was planted, refuse the start by name',
  slow,
  async t => {
    const { store, stored } = await add(t, honest)
    assert.ok(stored.ok)
    const { folder } = stored.stored
    const compiled = readdirSync(join(store, folder, 'site', '__pycache__'))
    assert.equal(compiled.length, 1, 'compiled by us')
    const file = join(store, folder, 'site', '__pycache__', compiled[0] ?? '')
    const bytes = readFileSync(file)
    writeFileSync(file, Buffer.concat([bytes, Buffer.from('x')]))
    const refused = findStored({ ecosystem: 'pypi', name: 'quiet-server', version: '1.0.0' }, store)
    assert.ok(typeof refused === 'object' && !refused.ok && /__pycache__.*was changed/u.test(refused.reason))
  },
)
