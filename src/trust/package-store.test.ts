import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { temporaryFolder } from '../../test/temporary.ts'
import { findStored, wholeOrRefused } from './find-stored.ts'
import { readLock } from './lock-file.ts'
import type { FetchPackage } from './npm-fetch.ts'
import { npmSource } from './npm-package.ts'
import { storePackage } from './package-store.ts'
import { describeServer, enterServer } from './server-register.ts'
import { changeLock, lockPath } from './store-change.ts'

/** Puts a package there as npm would, without a registry. */
const fake: FetchPackage = async ({ name, spec }, at) => {
  const home = join(at, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: spec, bin: 'main.js' }))
  writeFileSync(join(home, 'main.js'), 'console.log(1)')
  const packages = { [`node_modules/${name}`]: { version: spec, integrity: `sha512-${'x'.repeat(86)}==` } }
  writeFileSync(join(at, 'package-lock.json'), JSON.stringify({ packages }))
  return { ok: true }
}

const wanted = { name: 'quiet-server', spec: '1.0.0' }
const asked = { ecosystem: 'npm', name: 'quiet-server', version: '1.0.0' } as const

test('a package is stored once, found by its version, and not by another', async () => {
  const root = temporaryFolder()
  const stored = await storePackage(wanted, npmSource(fake), { root })
  assert.ok(stored.ok, JSON.stringify(stored))
  const found = findStored(asked, root)
  assert.ok(typeof found === 'string' && existsSync(join(found, 'main.js')))
  assert.equal(findStored({ ...asked, version: '1.0.1' }, root), undefined)
  assert.equal(findStored({ ...asked, ecosystem: 'pypi' }, root), undefined)
  const again = await storePackage(wanted, npmSource(fake), { root })
  assert.ok(again.ok)
})

for (const [what, change, says] of [
  ['a changed byte', (at: string) => appendFileSync(join(at, 'main.js'), ' '), /main\.js was changed/u],
  ['a file more', (at: string) => writeFileSync(join(at, 'more.js'), ''), /more\.js was added/u],
  ['a file less', (at: string) => rmSync(join(at, 'main.js')), /main\.js is missing/u],
  ['a link', (at: string) => symlinkSync('/etc/passwd', join(at, 'link.js')), /link\.js is a link/u],
] as const)
  test(
    `${what} in the store refuses the start and names the file`,
    proves('F.integrity', 'T5.pin', 'C1.pin'),
    async () => {
      const root = temporaryFolder()
      await storePackage(wanted, npmSource(fake), { root })
      const found = findStored(asked, root)
      assert.ok(typeof found === 'string')
      change(found)
      const refused = findStored(asked, root)
      assert.ok(typeof refused === 'object' && !refused.ok && says.test(refused.reason), JSON.stringify(refused))
    },
  )

test('an archive that is another one for the same version is refused', async () => {
  const root = temporaryFolder()
  await storePackage(wanted, npmSource(fake), { root })
  const other: FetchPackage = async (what, at) => {
    const done = await fake({ ...what, spec: '1.0.0' }, at)
    const file = join(at, 'package-lock.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('sha512-x', 'sha512-y'))
    return done
  }
  const again = await storePackage({ ...wanted, spec: '^1.0.0' }, npmSource(other), { root })
  assert.ok(!again.ok && /another archive/u.test(again.reason))
})

test('a package that was tampered with is laid anew by storing it again', async () => {
  const root = temporaryFolder()
  await storePackage(wanted, npmSource(fake), { root })
  const found = findStored(asked, root)
  assert.ok(typeof found === 'string')
  appendFileSync(join(found, 'main.js'), 'evil()')
  assert.ok((await storePackage(wanted, npmSource(fake), { root })).ok)
  assert.equal(findStored(asked, root), found)
  assert.equal(readFileSync(join(found, 'main.js'), 'utf8'), 'console.log(1)')
})

test('a package that says it is another one is refused', async () => {
  const root = temporaryFolder()
  const liar: FetchPackage = async (what, at) => {
    const done = await fake(what, at)
    writeFileSync(
      join(at, 'node_modules', what.name, 'package.json'),
      JSON.stringify({ name: 'other', version: '1.0.0' }),
    )
    return done
  }
  const got = await storePackage(wanted, npmSource(liar), { root })
  assert.ok(!got.ok && /got other@1\.0\.0/u.test(got.reason))
  assert.deepEqual(readdirSync(root), [])
})

test('a version that was changed in the store is not put in force, and the one in force stays', async () => {
  const root = temporaryFolder()
  const stored = await storePackage(wanted, npmSource(fake), { root })
  assert.ok(stored.ok)
  const newcomer = { name: 's', key: stored.key, owner: 'me', why: 'tests', nowMs: 0 }
  const made = changeLock({ root }, lock => wholeOrRefused(root, enterServer(lock, newcomer), 's'))
  assert.ok(made.ok)
  appendFileSync(join(root, stored.stored.folder, 'node_modules/quiet-server/main.js'), 'evil()')
  const refused = changeLock({ root }, lock => wholeOrRefused(root, describeServer(lock, 's', { owner: 'you' }), 's'))
  assert.ok(!refused.ok && /main\.js was changed/u.test(refused.reason))
  const after = readLock(lockPath(root))
  assert.equal(after.ok && after.lock.servers['s']?.owner, 'me')
})
