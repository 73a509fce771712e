import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { inTransaction, isDamage, openDatabase } from './sqlite.ts'

test('a database is made with its folder, in write-ahead mode, for this user only', t => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-sqlite-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'a/b.sqlite')
  const { db, setAside } = openDatabase(path, { schema: 'CREATE TABLE IF NOT EXISTS t (x)', nowMs: 1 })
  assert.equal(setAside, undefined)
  assert.equal(db.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  db.close()
})

test('other errors than damage are not taken for it', () => {
  assert.throws(
    () => openDatabase(':memory:', { schema: 'NOT SQL', nowMs: 1 }),
    cause => !isDamage(cause),
  )
  assert.throws(() => openDatabase('/dev/null/x.sqlite', { schema: '', nowMs: 1 }))
})

test('nothing is printed because SQLite is used', () => {
  const code = `const { openDatabase } = await import(${JSON.stringify(import.meta.resolve('./sqlite.ts'))})
    openDatabase(':memory:', { schema: '', nowMs: 1 }).db.close()`
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
  assert.equal(status, 0)
  assert.equal(stderr, '')
})

test('a transaction does all of its work or none, and what went wrong is thrown on', () => {
  const { db } = openDatabase(':memory:', { schema: 'CREATE TABLE t (n)', nowMs: 0 })
  const fill = (fails: boolean) => {
    db.exec('INSERT INTO t VALUES (1)')
    if (fails) throw new RangeError('halfway')
  }
  assert.throws(() => inTransaction(db, () => fill(true)), /halfway/u)
  assert.equal(db.prepare('SELECT count(*) AS n FROM t').get()?.['n'], 0)
  inTransaction(db, () => fill(false))
  assert.equal(db.prepare('SELECT count(*) AS n FROM t').get()?.['n'], 1)
})
