import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { npmSource } from './npm-package.ts'

type Context = { after(done: () => void): void }

/** What an installer left behind: the manifests by path, and the lock. */
function install(t: Context, manifests: Record<string, object>, packages: Record<string, object>) {
  const folder = mkdtempSync(join(tmpdir(), 'npm-package-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const source = npmSource(async (_, at) => {
    for (const [path, manifest] of Object.entries(manifests)) {
      mkdirSync(join(at, path), { recursive: true })
      writeFileSync(join(at, path, 'package.json'), JSON.stringify(manifest))
    }
    writeFileSync(join(at, 'package-lock.json'), JSON.stringify({ packages }))
    return { ok: true }
  })
  return source.install({ name: 'a', spec: '1.0.0' }, folder)
}

const own = { 'node_modules/a': { name: 'a', version: '1.0.0' } }
const hashed = { 'node_modules/a': { version: '1.0.0', integrity: `sha512-${'x'.repeat(86)}==` } }

test('what was installed is described with its dependencies and their install scripts', async t => {
  const b = { name: 'b', version: '2.0.0', scripts: { postinstall: 'x' } }
  const facts = await install(
    t,
    { ...own, 'node_modules/b': b },
    { ...hashed, 'node_modules/b': { version: '2.0.0', integrity: `sha512-${'y'.repeat(86)}==` } },
  )
  assert.ok(facts.ok)
  assert.deepEqual(facts.dependencies, { 'node_modules/a': '1.0.0', 'node_modules/b': '2.0.0' })
  assert.deepEqual([facts.integrity, facts.installScripts], [`sha512-${'x'.repeat(86)}==`, ['node_modules/b']])
})

test('a package without a hash, of another name or version, or without a manifest is refused', async t => {
  const bare = { ...hashed, 'node_modules/b': { version: '2.0.0' } }
  const says = async (manifests: Record<string, object>, packages: Record<string, object>) => {
    const facts = await install(t, manifests, packages)
    return facts.ok ? 'accepted' : facts.reason
  }
  assert.match(await says(own, bare), /no hash for node_modules\/b/u)
  assert.match(await says(own, {}), /the registry was not asked for it/u)
  assert.match(await says({ 'node_modules/a': { name: 'z', version: '1.0.0' } }, hashed), /got z@1\.0\.0/u)
  assert.match(await says({ 'node_modules/a': { name: 'a', version: '1.0.1' } }, hashed), /got a@1\.0\.1/u)
  assert.match(await says({}, hashed), /no readable package\.json/u)
})
