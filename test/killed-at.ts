import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const source = (name: string) => JSON.stringify(join(import.meta.dirname, '..', 'src', 'trust', name))

/** A program that does one thing to a store of packages, and kills itself at a step of it, or ends. */
const program = `
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npmSource } from ${source('npm-package.ts')}
import { storePackage } from ${source('package-store.ts')}
import { enterServer, promote, removeServer, rollBack, stageVersion } from ${source('server-register.ts')}
import { changeLock } from ${source('store-change.ts')}
const [root, deed, name, version, end] = process.argv.slice(1)
const fake = npmSource(async ({ name, spec }, at) => {
  const home = join(at, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: spec, bin: 'main.js' }))
  writeFileSync(join(home, 'main.js'), 'console.log(1)')
  const packages = { ['node_modules/' + name]: { version: spec, integrity: 'sha512-' + 'x'.repeat(86) + '==' } }
  writeFileSync(join(at, 'package-lock.json'), JSON.stringify({ packages }))
  return { ok: true }
})
const place = { root, atStep: step => { if (step === end) process.kill(process.pid, 'SIGKILL') } }
const newcomer = { name, key: 'npm:' + name + '@' + version, owner: 'me', why: 'tests', nowMs: Date.now() }
const deeds = {
  store: () => storePackage({ name, spec: version }, fake, place),
  enter: () => changeLock(place, lock => enterServer(lock, newcomer)),
  stage: () => changeLock(place, lock => stageVersion(lock, name, newcomer.key)),
  promote: () => changeLock(place, lock => {
    const { active: from = '', staged: to = '' } = lock.servers[name] ?? {}
    return promote(lock, name, { from, to, nowMs: Date.now() })
  }),
  rollback: () => changeLock(place, lock => rollBack(lock, name)),
  remove: () => changeLock(place, lock => removeServer(lock, name)),
  add: async () => { const stored = await deeds.store(); return stored.ok ? deeds.enter() : stored },
}
const done = await deeds[deed]()
console.log(JSON.stringify(done.ok ? { ok: true } : done))
`

export type StoreDeed = 'store' | 'enter' | 'stage' | 'promote' | 'rollback' | 'remove' | 'add'

/** The words of a Node that does a deed to the store at `root`, for a server named like its package. */
export function storeDeed(deed: StoreDeed, place: { root: string; name: string; version?: string; killAt?: string }) {
  const { root, name, version = '1.0.0', killAt = '' } = place
  return ['--input-type=module', '-e', program, root, deed, name, version, killAt]
}

/** Does a deed in a process of its own, which dies at a step; says what signal ended it, and what it printed. */
export function killedAt(deed: StoreDeed, place: Parameters<typeof storeDeed>[1]) {
  const ran = spawnSync(process.execPath, storeDeed(deed, place), { timeout: 60_000, encoding: 'utf8' })
  return { signal: ran.signal, said: `${ran.stdout}${ran.stderr}` }
}
