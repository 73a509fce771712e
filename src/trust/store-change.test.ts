import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { killedAt, type StoreDeed, storeDeed } from '../../test/killed-at.ts'
import { temporaryFolder } from '../../test/temporary.ts'
import { findStored } from './find-stored.ts'
import { type LockFile, readLock } from './lock-file.ts'
import { changeLock, dropPackage, lockPath } from './store-change.ts'

function lockOf(root: string): LockFile {
  const reading = readLock(lockPath(root))
  assert.ok(reading.ok, JSON.stringify(reading))
  return reading.lock
}

function does(deed: StoreDeed, root: string, version = '1.0.0'): void {
  const { said } = killedAt(deed, { root, name: 'notes', version })
  assert.match(said, /"ok":true/u, said)
}

const writing = ['lock', 'open', 'write', 'sync', 'rename', 'sync folder', 'sweep']
const isWritten = (step: string) => ['sync folder', 'sweep'].includes(step)

function isWhole(root: string, version: string): boolean {
  return typeof findStored({ ecosystem: 'npm', name: 'notes', version }, root) === 'string'
}

test('killed at any step of adding, the store knows the old packages and nothing half', async () => {
  const root = temporaryFolder()
  does('add', root)
  const before = readFileSync(lockPath(root), 'utf8')
  for (const step of ['fetch', 'record', 'move', ...writing]) {
    assert.equal(killedAt('store', { root, name: 'notes', version: '2.0.0', killAt: step }).signal, 'SIGKILL', step)
    assert.ok(isWhole(root, '1.0.0'), step)
    assert.equal(isWhole(root, '2.0.0'), isWritten(step), step)
    if (isWritten(step)) writeFileSync(lockPath(root), before)
    else assert.equal(readFileSync(lockPath(root), 'utf8'), before, step)
  }
  does('store', root, '2.0.0')
  assert.ok(isWhole(root, '2.0.0'))
})

for (const deed of ['stage', 'promote', 'rollback', 'remove'] as const)
  test(`killed at any step, ${deed} was done whole or not at all, and can be done again`, async () => {
    const root = temporaryFolder()
    does('add', root)
    does('store', root, '2.0.0')
    if (deed !== 'stage') does('stage', root, '2.0.0')
    if (deed === 'rollback') does('promote', root, '2.0.0')
    const before = readFileSync(lockPath(root), 'utf8')
    for (const step of writing) {
      assert.equal(killedAt(deed, { root, name: 'notes', version: '2.0.0', killAt: step }).signal, 'SIGKILL', step)
      assert.equal(readFileSync(lockPath(root), 'utf8') === before, !isWritten(step), step)
      for (const { active } of Object.values(lockOf(root).servers))
        assert.ok(isWhole(root, active.split('@').at(-1) ?? ''), step)
      if (!isWritten(step)) continue
      const done = killedAt(deed, { root, name: 'notes', version: '2.0.0' })
      assert.match(done.said, /nothing is staged|no earlier version|there is no server|"ok":true/u)
      break
    }
  })

test('of many commands at once, none loses the entry of another', { timeout: 120_000 }, async () => {
  const root = temporaryFolder()
  const names = ['one', 'two', 'three', 'four']
  const started = names.map(name => spawn(process.execPath, storeDeed('add', { root, name }), { stdio: 'pipe' }))
  const said = await Promise.all(
    started.map(async child => {
      const texts: string[] = []
      child.stdout.on('data', text => texts.push(String(text)))
      child.stderr.on('data', text => texts.push(String(text)))
      await once(child, 'close')
      return texts.join('')
    }),
  )
  for (const text of said) assert.equal(text, '{"ok":true}\n')
  const { servers, packages } = lockOf(root)
  assert.deepEqual(Object.keys(servers).toSorted(), names.toSorted())
  assert.equal(Object.keys(packages).length, 4)
})

test('the same package added by two commands at once is stored once and whole', { timeout: 120_000 }, async () => {
  const root = temporaryFolder()
  const started = [1, 2].map(() => spawn(process.execPath, storeDeed('store', { root, name: 'notes' })))
  await Promise.all(started.map(child => once(child, 'close')))
  assert.ok(isWhole(root, '1.0.0'))
  assert.equal(readdirSync(root).filter(name => /^npm-(?!.*\.(?:files\.json|marks)$)/u.test(name)).length, 1)
})

test('what a removed server leaves is taken away with its lists, and so is what killed commands left, but not what is new', () => {
  const root = temporaryFolder()
  does('add', root)
  const old = (name: string) => utimesSync(join(root, name), new Date(0), new Date(0))
  for (const name of ['npm-gone-1', '.staging-gone', '.staging-new']) mkdirSync(join(root, name))
  for (const name of ['npm-gone-1.files.json', 'npm-gone-1.marks', 'sallyport.lock.77.tmp', 'mine.txt'])
    writeFileSync(join(root, name), '')
  for (const name of readdirSync(root).filter(each => /gone|77|mine/u.test(each))) old(name)
  does('remove', root)
  assert.deepEqual(readdirSync(root).toSorted(), ['.staging-new', 'mine.txt', 'sallyport.lock', 'store.lock'])
})

test('a change that is refused, or changes nothing, writes nothing', () => {
  const root = temporaryFolder()
  const no = { ok: false, reason: 'no', wayOut: 'none' } as const
  assert.deepEqual(
    changeLock({ root }, () => no),
    no,
  )
  changeLock({ root }, lock => ({ ok: true, lock }))
  assert.equal(existsSync(lockPath(root)), false)
  writeFileSync(lockPath(root), '{')
  const broken = changeLock({ root }, lock => ({ ok: true, lock: { ...lock, servers: {} } }))
  assert.equal(broken.ok, false)
  assert.equal(readFileSync(lockPath(root), 'utf8'), '{')
})

test('a package that turned out to be forged is taken out, unless a server has it', () => {
  const root = temporaryFolder()
  does('add', root)
  does('store', root, '2.0.0')
  for (const version of ['1.0.0', '2.0.0']) changeLock({ root }, lock => dropPackage(lock, `npm:notes@${version}`))
  assert.deepEqual([isWhole(root, '1.0.0'), isWhole(root, '2.0.0')], [true, false])
})
