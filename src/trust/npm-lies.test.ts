import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { npmRegistry, packed, type Shelf } from '../../test/npm-registry.ts'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { newNpmFetch } from './npm-fetch.ts'
import { npmSource } from './npm-package.ts'
import { storePackage } from './package-store.ts'

type Context = { after(done: () => void): void }
type Asked = { readonly spec?: string; readonly root?: string }

/** Adds `quiet` from a registry on loopback that lies; what the real npm makes of it is what counts. */
async function add(t: Context, shelf: Shelf | ((url: string) => Shelf), { spec = '1.0.0', root }: Asked = {}) {
  const place = root ?? temporaryFolder()
  const { url } = await npmRegistry(t, shelf)
  const env = {
    ...{ PATH: process.env['PATH'], HOME: place, NPM_CONFIG_CACHE: join(temporaryFolder(), 'cache') },
    ...{ NPM_CONFIG_FETCH_RETRIES: '0', NPM_CONFIG_IGNORE_SCRIPTS: 'false' },
  }
  const source = npmSource(newNpmFetch({ registry: url, env, timeoutMs: 60_000 }))
  const stored = await storePackage({ name: 'quiet', spec }, source, { root: join(place, 'store') })
  const left = readdirSync(join(place, 'store')).filter(name => name.startsWith('npm-'))
  return { stored, place, left, why: stored.ok ? 'stored' : stored.reason }
}

const slow = { timeout: 90_000 }
const manifest = { name: 'quiet', version: '1.0.0', bin: 'main.js' }
const main = { path: 'package/main.js', body: 'console.log(1)' }
const bare = packed(manifest, [main])
const sum = (kind: string, bytes: Buffer | string = bare) =>
  `${kind}-${createHash(kind).update(bytes).digest('base64')}`
const lone = (tarball: Buffer, dist = {}): Shelf => ({ quiet: { '1.0.0': { tarball, dist } } })
const dep = { '1.0.0': { tarball: packed({ name: 'dep', version: '1.0.0' }) } }
const evil = { '1.0.0': { tarball: packed({ name: 'evil', version: '1.0.0' }) } }

/** A package whose manifest names one dependency, in the archive and to the registry. */
const needing = (name: string, spec: string, parts: Parameters<typeof packed>[1] = []) => {
  const dependencies = { [name]: spec }
  return {
    quiet: { '1.0.0': { tarball: packed({ ...manifest, dependencies }, [main, ...parts]), says: { dependencies } } },
  }
}

test('a dependency that is a repository runs no program that the repository names', {
  ...slow,
  ...proves('C1.source'),
}, async t => {
  const room = temporaryFolder()
  const trap = `#!/bin/sh\ntouch ${room}/ran\nexec git "$@"\n`
  layOut({ 'inner/package.json': '{"name":"inner","version":"1.0.0"}', trap }, room)
  const wants = { inner: `git+file://${room}/inner` }
  const outer = JSON.stringify({ name: 'outer', version: '1.0.0', scripts: { prepare: 'true' }, dependencies: wants })
  layOut({ 'outer/package.json': outer, 'outer/.npmrc': `git=${room}/trap\nignore-scripts=false\n` }, room)
  for (const each of ['inner', 'outer']) {
    const git = (...words: string[]) =>
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
        cwd: join(room, each),
        timeout: 20_000,
      })
    for (const words of [
      ['init', '-q'],
      ['add', '-A'],
      ['commit', '-qm', 'x'],
    ])
      git(...words)
  }
  const { why, left } = await add(t, needing('outer', `git+file://${room}/outer`))
  assert.equal(existsSync(join(room, 'ran')), false)
  assert.match(why, /of its own, not from the registry|npm failed/u)
  assert.deepEqual(left, [])
})

test('a registry that gives another version than was asked for is refused', {
  ...slow,
  ...proves('F.integrity'),
}, async t => {
  const old = packed({ ...manifest, version: '0.9.0' }, [main])
  const says = { version: '0.9.0' }
  const { why, left } = await add(t, { quiet: { '1.0.0': { tarball: old, says } } })
  assert.match(why, /asked for quiet@1\.0\.0, and got quiet@0\.9\.0/u)
  assert.deepEqual(left, [])
  assert.match(
    (await add(t, { quiet: { '1.0.0': { tarball: old, says } } }, { spec: '^1.0.0' })).why,
    /got quiet@0\.9\.0/u,
  )
})

for (const [what, dist] of [
  ['no hash', { integrity: undefined }],
  ['a sha1 alone', { integrity: undefined, shasum: createHash('sha1').update(bare).digest('hex') }],
  ['an MD5', { integrity: sum('md5') }],
  ['a kind of hash that nobody knows', { integrity: 'best-AAAA' }],
  ['two hashes, of which either would do', { integrity: `${sum('sha512', 'another')} ${sum('sha512')}` }],
] as const)
  test(`a registry that gives ${what} is refused`, slow, async t => {
    const { why, left } = await add(t, lone(bare, dist))
    assert.match(why, /no (?:single strong )?hash/u)
    assert.deepEqual(left, [])
  })

test('a dependency that comes from an address of its own is refused', slow, async t => {
  const shelf = (url: string) => ({ ...needing('dep', `${url}/dep/-/dep-1.0.0.tgz`), dep })
  assert.match((await add(t, shelf)).why, /of its own, not from the registry/u)
})

test('a dependency that is a folder of this machine is not copied into the store', slow, async t => {
  const home = layOut({ 'private/package.json': '{"name":"dep","version":"1.0.0"}', 'private/key': 'x' })
  const { why, left } = await add(t, needing('dep', `file:${home}/private`), { root: home })
  assert.notEqual(why, 'stored')
  assert.deepEqual(left, [])
})

test('a package that is loaded under the name of another is recorded under its own', slow, async t => {
  const { stored, why } = await add(t, { ...needing('zod', 'npm:evil@1'), evil })
  assert.ok(stored.ok, why)
  assert.equal(stored.stored.dependencies['node_modules/zod'], 'npm:evil@1.0.0')
})

test('a dependency that is another package inside is refused', slow, async t => {
  const other = { '1.0.0': { tarball: packed({ name: 'evil', version: '6.6.6' }) } }
  assert.match((await add(t, { ...needing('dep', '1.0.0'), dep: other })).why, /dep is evil@6\.6\.6 inside/u)
})

test(
  'code that comes inside another package is refused where it would be loaded instead of a listed one',
  slow,
  async t => {
    const hidden = 'package/node_modules/dep'
    const parts = [
      { path: `${hidden}/package.json`, body: '{"name":"dep","version":"1.0.0"}' },
      { path: `${hidden}/index.js`, body: 'evil()' },
    ]
    assert.match((await add(t, { ...needing('dep', '1.0.0', parts), dep })).why, /dep came inside another package/u)
    const loose = [{ path: 'package/node_modules/dep.js', body: 'evil()' }]
    assert.match((await add(t, { ...needing('dep', '1.0.0', loose), dep })).why, /dep\.js came inside another package/u)
  },
)

test('a list of hashes that the author of a package brings makes no archive another package', slow, async t => {
  const fake = {
    '1.0.0': { tarball: packed({ name: 'dep', version: '1.0.0' }, [{ path: 'package/x.js', body: 'evil()' }]) },
  }
  const listed = (at: string, tarball: Buffer) => {
    const entry = { version: '1.0.0', resolved: at, integrity: sum('sha512', tarball) }
    const packages = {
      '': { name: 'quiet', version: '1.0.0', dependencies: { dep: '1.0.0' } },
      'node_modules/dep': entry,
    }
    const text = JSON.stringify({ name: 'quiet', version: '1.0.0', lockfileVersion: 3, packages })
    return { ...needing('dep', '1.0.0', [{ path: 'package/npm-shrinkwrap.json', body: text }]), dep, fake }
  }
  const marked = (shelf: Shelf): Shelf => {
    const own = shelf['quiet']?.['1.0.0']
    return own === undefined
      ? shelf
      : { ...shelf, quiet: { '1.0.0': { ...own, says: { ...own.says, _hasShrinkwrap: true } } } }
  }
  const lie = await add(t, url => marked(listed(`${url}/fake/-/fake-1.0.0.tgz`, fake['1.0.0'].tarball)))
  assert.match(lie.why, /takes dep from an address of its own/u)
  const honest = await add(t, url => marked(listed(`${url}/dep/-/dep-1.0.0.tgz`, dep['1.0.0'].tarball)))
  assert.equal(honest.why, 'stored')
})

test('no file is stored that runs with the rights of its owner', slow, async t => {
  const { stored, place, why } = await add(t, lone(packed(manifest, [{ ...main, mode: 0o4755 }])))
  // For root, npm keeps the mark; for others it goes with the owner that was written in the archive.
  if (!stored.ok) return assert.match(why, /main\.js .*rights/u)
  assert.equal(statSync(join(place, 'store', stored.stored.folder, 'node_modules/quiet/main.js')).mode & 0o6000, 0)
})

test('links, pipes, devices, names twice and a way out leave plain files of the package alone', slow, async t => {
  const { stored, place } = await add(
    t,
    lone(
      packed(manifest, [
        { path: 'package/main.js', body: 'first' },
        main,
        { path: 'package/hard', type: 'Link', linkpath: '/etc/passwd' },
        { path: 'package/soft', type: 'SymbolicLink', linkpath: '../../..' },
        { path: 'package/soft/through', body: 'x' },
        { path: 'package/pipe', type: 'FIFO' },
        { path: 'package/device', type: 'CharacterDevice' },
        { path: 'package/../.npmrc', body: 'ignore-scripts=false' },
        { path: 'package/../../../through', body: 'x' },
      ]),
    ),
  )
  assert.ok(stored.ok)
  const folder = join(place, 'store', stored.stored.folder)
  assert.deepEqual(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(path => path.startsWith('node_modules/quiet/'))
      .toSorted(),
    ['main.js', 'package.json', 'soft', 'soft/through'].map(name => `node_modules/quiet/${name}`),
  )
  assert.equal(readFileSync(join(folder, 'node_modules/quiet/main.js'), 'utf8'), main.body)
  assert.deepEqual(
    readdirSync(place).filter(name => name === 'through'),
    [],
  )
})

test('an archive behind the end of another, or behind its compression, adds nothing', slow, async t => {
  const more = packed({ ...manifest, bin: 'more.js' }, [{ path: 'package/more.js', body: 'evil()' }])
  for (const tarball of [Buffer.concat([bare, more]), Buffer.concat([bare, Buffer.from('junk')])]) {
    const { stored, place } = await add(t, lone(tarball))
    if (stored.ok) assert.ok(!existsSync(join(place, 'store', stored.stored.folder, 'node_modules/quiet/more.js')))
  }
})
