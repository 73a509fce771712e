import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Principal, SessionId, Tenant } from '../core/brand.ts'
import { isObject, type Json } from '../core/json.ts'
import type { SessionPort } from '../core/port.ts'
import type { Session } from '../core/session.ts'
import { type Notice, openNotice, postNotice } from './notice.ts'
import { type PrincipalLabels, principalLabelSchema, principalLabelsIn } from './principal-labels.ts'
import { inTransaction, isDamage, moveAside, openDatabase } from './sqlite.ts'
import { oncePerTurn } from './turn.ts'

export type SessionStoreOptions = {
  readonly path: string
  readonly now?: () => number
  /** Sessions kept in memory; the others are read again when they are needed. */
  readonly cacheMax?: number
  /** Sessions kept of one principal; the longest unused go first, and never those of somebody else. */
  readonly perPrincipalMax?: number
  /** Sessions unused for longer are forgotten. */
  readonly idleMs?: number
  /** Guard memories reach the disk at the latest after this. Labels always do at once. */
  readonly memoryDelayMs?: number
  /** Told when the database was damaged and had to be begun anew; the sentence is for people and for the record. */
  readonly onTrouble?: (message: string) => void
}

/** The defaults of the store; the configuration shows them. */
export const sessionStoreDefaults = {
  cacheMax: 1000,
  perPrincipalMax: 1000,
  idleMs: 30 * 86_400_000,
  memoryDelayMs: 1000,
} as const

type Settings = Required<SessionStoreOptions>
type Cached = { session: Session; isDirty: boolean }
type Latest = { readonly key: string; readonly cached: Cached }

/** Sessions in SQLite behind a bounded cache. Owns the database and a timer. */
export class SessionStore implements SessionPort {
  readonly #settings: Settings
  readonly #cache = new Map<string, Cached>()
  /** The last entry of the cache: a message asks for its session several times in a row. */
  #latest: Latest | undefined
  readonly #look = oncePerTurn(() => this.#forgetWhatOthersChanged())
  #sql: Statements
  readonly #notice: Notice
  #edition = 0
  #version = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: SessionStoreOptions) {
    this.#settings = { now: Date.now, onTrouble: () => undefined, ...sessionStoreDefaults, ...options }
    this.#notice = openNotice(noticeOf(options.path))
    this.#sql = this.#open()
    this.#run(() => this.#sql.forgetIdle.run(this.#settings.now() - this.#settings.idleMs))
  }

  load(tenant: Tenant, id: SessionId): Session | undefined {
    this.#look()
    const { session: last } = this.#latest?.cached ?? {}
    if (last?.id === id && last.tenant === tenant) return last
    const key = keyOf(tenant, id)
    const cached = this.#cache.get(key)
    if (cached !== undefined) {
      this.#remember(key, cached)
      return cached.session
    }
    const row = this.#run(() => this.#sql.load.get(tenant, id, this.#settings.now() - this.#settings.idleMs))
    const session = row === undefined ? undefined : sessionOf(row, { tenant, id })
    if (session !== undefined) this.#remember(key, { session, isDirty: false })
    return session
  }

  labelsOf(tenant: Tenant, principal: Principal): readonly string[] {
    this.#look()
    return this.#run(() => this.#sql.held.of(tenant, principal))
  }

  save(tenant: Tenant, session: Session): void {
    const key = this.#keyOf(tenant, session.id)
    const before = this.#cache.get(key)
    const isLabelled = before === undefined || !isSameList(before.session.labels, session.labels)
    const isOnlyMemory = !isLabelled && isSameButMemory(before.session, session)
    const cached = { session, isDirty: true }
    this.#remember(key, cached)
    // A label decides what later calls may do: it is on disk before the answer that caused it leaves.
    if (isOnlyMemory) this.#flushLater()
    else this.#write(cached)
  }

  /** Writes every memory that waits. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const waiting = [...this.#cache.values()].filter(({ isDirty }) => isDirty)
    if (waiting.length > 0) this.#run(() => this.#putAll(waiting))
  }

  close(): void {
    this.flush()
    this.#sql.db.close()
    this.#notice.close()
  }

  #write(cached: Cached): void {
    this.#run(() => this.#putAll([cached]))
  }

  #flushLater(): void {
    this.#timer ??= setTimeout(() => {
      try {
        this.flush()
      } catch (cause) {
        this.#settings.onTrouble(`guard memories could not be saved and will be tried again: ${messageOf(cause)}`)
        this.#flushLater()
      }
    }, this.#settings.memoryDelayMs).unref()
  }

  #putAll(waiting: readonly Cached[]): void {
    inTransaction(this.#sql.db, () => {
      for (const cached of waiting) this.#put(cached)
    })
    postNotice(noticeOf(this.#settings.path))
  }

  #put(cached: Cached): void {
    const { tenant, id, principal, role, client, startedMs, labels, memory } = cached.session
    const nowMs = this.#settings.now()
    // Another process may have labelled the same session since: labels only ever grow.
    const stored = this.#sql.labels.get(tenant, id)?.['labels']
    const all = [...new Set([...textList(stored), ...labels])]
    const rest = JSON.stringify({ role, client, startedMs })
    const isNew = stored === undefined
    this.#sql.save.run(tenant, id, principal, rest, JSON.stringify(all), JSON.stringify(memory), nowMs)
    if (isNew) this.#sql.forgetOldest.run(tenant, principal, tenant, principal, this.#settings.perPrincipalMax - 1)
    if (all.length > labels.length) cached.session = { ...cached.session, labels: all }
    this.#sql.held.note(cached.session, nowMs)
    cached.isDirty = false
  }

  #keyOf(tenant: Tenant, id: SessionId): string {
    const latest = this.#latest
    const { session } = latest?.cached ?? {}
    return latest !== undefined && session?.id === id && session.tenant === tenant ? latest.key : keyOf(tenant, id)
  }

  #remember(key: string, cached: Cached): void {
    if (this.#latest?.key !== key) this.#cache.delete(key)
    this.#cache.set(key, cached)
    this.#latest = { key, cached }
    if (this.#cache.size <= this.#settings.cacheMax) return
    const [oldest] = this.#cache
    if (oldest === undefined) return
    if (oldest[1].isDirty) this.#write(oldest[1])
    this.#cache.delete(oldest[0])
  }

  /** SQLite counts the commits of other connections; only after one does a cached session have to be read again. */
  #forgetWhatOthersChanged(): void {
    // Asking SQLite takes two locks and ten times as long as reading the notice.
    const edition = this.#notice.edition()
    if (edition === this.#edition) return
    this.#edition = edition
    const version = Number(this.#run(() => this.#sql.version.get())?.['data_version'] ?? 0)
    if (version === this.#version) return
    this.#version = version
    this.flush()
    this.#cache.clear()
    this.#latest = undefined
    this.#sql.held.forgetCache()
  }

  #open(): Statements {
    const { path, now, idleMs, onTrouble } = this.#settings
    const { db, setAside } = openDatabase(path, { schema, nowMs: now() })
    if (setAside !== undefined) onTrouble(lost(path, setAside))
    return { ...statementsOf(db), held: principalLabelsIn(db, { now, idleMs }) }
  }

  /** Runs a statement; a database found damaged is replaced, filled with what is in memory, and the statement run again. */
  #run<T>(statement: () => T): T {
    try {
      return statement()
    } catch (cause) {
      if (!isDamage(cause)) throw cause
      this.#replace()
      return statement()
    }
  }

  #replace(): void {
    const { path, now, onTrouble } = this.#settings
    this.#sql.db.close()
    const setAside = moveAside(path, now())
    this.#sql = this.#open()
    onTrouble(lost(path, setAside))
    this.#putAll([...this.#cache.values()])
  }
}

/** A database in memory has no other process; its notice cannot be opened, so that it is simply asked. */
function noticeOf(path: string): string {
  return path === ':memory:' ? '' : `${path}.changed`
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

function lost(path: string, setAside: string): string {
  return `the state database ${path} was damaged: it was moved to ${setAside} and begun anew; labels of sessions that were not in use are lost`
}

const schema = `
  CREATE TABLE IF NOT EXISTS session (
    tenant TEXT NOT NULL, id TEXT NOT NULL, principal TEXT NOT NULL, about TEXT NOT NULL,
    labels TEXT NOT NULL, memory TEXT NOT NULL, used INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS session_used ON session (tenant, principal, used);
  ${principalLabelSchema}
`

type Statements = Prepared & { readonly held: PrincipalLabels }
type Prepared = { readonly db: DatabaseSync } & Readonly<
  Record<'load' | 'save' | 'labels' | 'version' | 'forgetIdle' | 'forgetOldest', StatementSync>
>

function statementsOf(db: DatabaseSync): Prepared {
  return {
    db,
    load: db.prepare('SELECT principal, about, labels, memory FROM session WHERE tenant = ? AND id = ? AND used > ?'),
    labels: db.prepare('SELECT labels FROM session WHERE tenant = ? AND id = ?'),
    save: db.prepare(`INSERT INTO session (tenant, id, principal, about, labels, memory, used) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (tenant, id) DO UPDATE SET principal = excluded.principal, about = excluded.about,
      labels = excluded.labels, memory = excluded.memory, used = excluded.used`),
    version: db.prepare('PRAGMA data_version'),
    forgetIdle: db.prepare('DELETE FROM session WHERE used < ?'),
    forgetOldest:
      db.prepare(`DELETE FROM session WHERE tenant = ? AND principal = ? AND used < (SELECT used FROM session
      WHERE tenant = ? AND principal = ? ORDER BY used DESC LIMIT 1 OFFSET ?)`),
  }
}

function keyOf(tenant: Tenant, id: SessionId): string {
  return `${tenant.length}:${tenant}${id}`
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}

function isSameButMemory(a: Session, b: Session): boolean {
  return a.principal === b.principal && a.role === b.role && a.client === b.client && a.startedMs === b.startedMs
}

function sessionOf(
  row: Record<string, unknown>,
  { tenant, id }: { tenant: Tenant; id: SessionId },
): Session | undefined {
  const about = jsonIn(row['about'])
  const memory = jsonIn(row['memory'])
  const principal = row['principal']
  const isWhole = isObject(about) && isObject(memory) && Array.isArray(jsonIn(row['labels']))
  if (!isWhole || typeof principal !== 'string') return undefined
  const entries = Object.entries(memory).flatMap(
    ([guard, value]): Array<[string, Json]> => (value === undefined ? [] : [[guard, value]]),
  )
  return {
    tenant,
    id,
    principal: principal as Principal,
    role: String(about['role'] ?? 'default'),
    client: String(about['client'] ?? ''),
    startedMs: Number(about['startedMs'] ?? 0),
    labels: textList(row['labels']),
    memory: Object.fromEntries(entries),
  }
}

function textList(stored: unknown): string[] {
  const value = jsonIn(stored)
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
}

function jsonIn(stored: unknown): unknown {
  try {
    return typeof stored === 'string' ? JSON.parse(stored) : undefined
  } catch {
    return undefined
  }
}
