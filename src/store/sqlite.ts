import { chmodSync, existsSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { makeFolder } from './make-folder.ts'

export type Opened = {
  readonly db: DatabaseSync
  /** Where a database that could not be read was put; whoever opened says so aloud. */
  readonly setAside?: string
}

/**
 * Opens a database for this user only, in write-ahead mode. One that is damaged is moved aside and a new one made in its
 * place: losing remembered state is bad, refusing to start because of it is worse, and doing it silently is worst.
 */
export function openDatabase(path: string, { schema, nowMs }: { schema: string; nowMs: number }): Opened {
  if (path !== ':memory:') makeFolder(dirname(path))
  try {
    return { db: prepared(path, schema) }
  } catch (cause) {
    if (!isDamage(cause) || path === ':memory:') throw cause
    const setAside = moveAside(path, nowMs)
    return { db: prepared(path, schema), setAside }
  }
}

/** Whether an error of SQLite says that the file itself is damaged or no database at all. */
export function isDamage(cause: unknown): boolean {
  return sqliteCode(cause) === corrupt || sqliteCode(cause) === notADatabase
}

/** Renames a database and its companions, so that what is left of it can still be looked at. */
export function moveAside(path: string, nowMs: number): string {
  const target = `${path}.damaged-${nowMs}`
  for (const suffix of ['', '-wal', '-shm', '-journal'])
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix)
  return target
}

/** `node:sqlite`, loaded on first use and without its notice that it is still called experimental. */
export function sqlite(): typeof import('node:sqlite') {
  const emit = process.emitWarning
  try {
    process.emitWarning = () => undefined
    return process.getBuiltinModule('node:sqlite')
  } finally {
    process.emitWarning = emit
  }
}

/** Does all of the work or none of it; what the work throws is thrown on. */
export function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (cause) {
    try {
      db.exec('ROLLBACK')
    } catch {
      // SQLite rolled back by itself, as it does when the disk is full or the file is damaged.
    }
    throw cause
  }
}

const corrupt = 11
const notADatabase = 26
const busyTimeoutMs = 2000

function prepared(path: string, schema: string): DatabaseSync {
  const db = new (sqlite().DatabaseSync)(path)
  try {
    db.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    const [check] = db.prepare('PRAGMA quick_check(1)').all()
    if (check?.['quick_check'] !== 'ok') throw Object.assign(new Error('the database is damaged'), { errcode: corrupt })
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF')
    if (path !== ':memory:') chmodSync(path, 0o600)
    db.exec(schema)
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

function sqliteCode(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('errcode' in cause) || typeof cause.errcode !== 'number') return undefined
  // Extended codes carry the primary one in their low byte.
  return cause.errcode & 0xff
}
