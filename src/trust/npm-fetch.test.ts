import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'
import { findStored } from './find-stored.ts'
import { isPackageName, isSpec, newNpmFetch } from './npm-fetch.ts'
import { npmSource } from './npm-package.ts'
import { storePackage } from './package-store.ts'

function folder(t: { after(done: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'fetch-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const wanted = { name: 'quiet-server', spec: '1.0.0' }
const asked = { ecosystem: 'npm', name: 'quiet-server', version: '1.0.0' } as const

test('no name and no version carries a path, a flag or an address', () => {
  for (const name of [
    '../x',
    '@a/../b',
    '/etc',
    '-g',
    'a b',
    'A',
    '@a',
    'a/b',
    'http://x',
    `${'a'.repeat(215)}`,
    '.hidden',
  ])
    assert.equal(isPackageName(name) && !name.startsWith('-'), false, name)
  for (const spec of ['file:../x', 'git+https://x/y', 'npm:other@1', '../up', 'http://127.0.0.1', ''])
    assert.equal(isSpec(spec), false, spec)
  for (const spec of ['1.2.3', '^1.0.0', 'latest', '>=1 <2', '1.x']) assert.ok(isSpec(spec), spec)
})

type Archive = { path: string; type?: 'File' | 'SymbolicLink'; linkpath?: string; body?: Buffer; sizeMiB?: number }

/** A tar written entry by entry, so that it can hold what no honest archiver writes. */
function archive(entries: readonly Archive[]): Buffer {
  const blocks = entries.flatMap(({ path, type = 'File', linkpath, body = Buffer.alloc(0) }) => {
    const header = new Header({
      path,
      type,
      size: body.length,
      mode: 0o644,
      ...(linkpath === undefined ? {} : { linkpath }),
    })
    const head = Buffer.alloc(512)
    header.encode(head, 0)
    return [head, body, Buffer.alloc((512 - (body.length % 512)) % 512)]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

type Lie = { tarball: Buffer; integrity?: string; silent?: boolean; bytesMax?: number }

async function registry(
  t: { after(done: () => void): void },
  { tarball, integrity, silent = false }: Lie,
): Promise<string> {
  const server = createServer((request, response) => {
    if (silent) return
    if (request.url?.endsWith('.tgz')) return void response.end(tarball)
    const sum = integrity ?? `sha512-${createHash('sha512').update(tarball).digest('base64')}`
    const { port } = server.address() as AddressInfo
    const dist = { tarball: `http://127.0.0.1:${port}/quiet-server-1.0.0.tgz`, integrity: sum }
    const versions = { '1.0.0': { name: 'quiet-server', version: '1.0.0', dist } }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ name: 'quiet-server', 'dist-tags': { latest: '1.0.0' }, versions }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const manifest = {
  path: 'package/package.json',
  body: Buffer.from(JSON.stringify({ name: 'quiet-server', version: '1.0.0', scripts: { postinstall: 'touch ran' } })),
}

async function fromRegistry(t: { after(done: () => void): void }, lie: Lie) {
  const root = folder(t)
  const env = {
    ...process.env,
    NPM_CONFIG_CACHE: join(root, '.cache'),
    HTTP_PROXY: undefined,
    NPM_CONFIG_FETCH_RETRIES: '0',
  }
  const limits = { files: 1000, depth: 20, bytes: lie.bytesMax ?? 2 ** 30 }
  const fetch = newNpmFetch({ limits, registry: await registry(t, lie), env, timeoutMs: lie.silent ? 3000 : 60_000 })
  const stored = await storePackage(wanted, npmSource(fetch), { root: join(root, 'store') })
  return { root: join(root, 'store'), stored }
}

test('npm installs from the registry, runs no script, and the lock says that there was one', {
  timeout: 90_000,
}, async t => {
  const { root, stored } = await fromRegistry(t, {
    tarball: archive([manifest, { path: 'package/a.js', body: Buffer.from('1') }]),
  })
  assert.ok(stored.ok, JSON.stringify(stored))
  assert.deepEqual(stored.stored.installScripts, ['node_modules/quiet-server'])
  const found = findStored(asked, root)
  assert.ok(typeof found === 'string')
  assert.equal(existsSync(join(found, 'ran')), false)
})

test('a registry that lies about the hash installs nothing', { timeout: 90_000 }, async t => {
  const wrong = `sha512-${createHash('sha512').update('other').digest('base64')}`
  const { root, stored } = await fromRegistry(t, { tarball: archive([manifest]), integrity: wrong })
  assert.ok(!stored.ok && /not the one whose hash/u.test(stored.reason), JSON.stringify(stored))
  assert.deepEqual(readdirSync(root), [])
})

test('a registry that says nothing is given up after the time limit', { timeout: 90_000 }, async t => {
  const { root, stored } = await fromRegistry(t, { tarball: archive([manifest]), silent: true })
  assert.ok(!stored.ok && /in time|npm failed/u.test(stored.reason), JSON.stringify(stored))
  assert.deepEqual(readdirSync(root), [])
})

test('an archive with paths that climb out and with links writes nothing outside', { timeout: 90_000 }, async t => {
  const tarball = archive([
    manifest,
    { path: 'package/../../../../escaped.js', body: Buffer.from('x') },
    { path: '/tmp/escaped-store-test.js', body: Buffer.from('x') },
    { path: 'package/link', type: 'SymbolicLink', linkpath: '/etc' },
  ])
  const { root, stored } = await fromRegistry(t, { tarball })
  assert.equal(existsSync('/tmp/escaped-store-test.js'), false)
  assert.equal(existsSync(join(root, '..', 'escaped.js')) || existsSync(join(root, 'escaped.js')), false)
  if (stored.ok) assert.equal(existsSync(join(root, stored.stored.folder, 'node_modules/quiet-server/link')), false)
})

test('an archive that unpacks to more than the bound is stopped and removed', { timeout: 90_000 }, async t => {
  const tarball = archive([
    manifest,
    { path: 'package/zeros', body: Buffer.concat([randomBytes(100_000), Buffer.alloc(8 * 1024 * 1024)]) },
  ])
  assert.ok(tarball.length < 200_000, 'small on the way')
  const { root, stored } = await fromRegistry(t, { tarball, bytesMax: 1024 * 1024 })
  assert.ok(!stored.ok && /more than 1048576 bytes/u.test(stored.reason), JSON.stringify(stored))
  assert.deepEqual(readdirSync(root), [])
})
