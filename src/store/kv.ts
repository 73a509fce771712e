import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Tenant } from '../core/brand.ts'
import type { Json } from '../core/json.ts'
import { inTransaction, openDatabase } from './sqlite.ts'

export type KeyValueOptions = {
  readonly path: string
  readonly now?: () => number
  /** Entries kept of one tenant in one namespace; the longest unused go first. */
  readonly entriesMax?: number
  /** Told when the database was damaged and had to be begun anew. */
  readonly onTrouble?: (message: string) => void
}

/** The defaults and bounds of the store. */
const keyValueLimits = { entriesMax: 100_000, keyChars: 1024, valueBytes: 1024 * 1024 } as const

export type Entry = { readonly key: string; readonly value: Json }

/** Small values under names: pins, grants, hosts that were seen. Owns the database. */
export class KeyValueStore {
  readonly #now: () => number
  readonly #entriesMax: number
  readonly #sql: Statements

  constructor({ path, now = Date.now, entriesMax = keyValueLimits.entriesMax, onTrouble }: KeyValueOptions) {
    this.#now = now
    this.#entriesMax = entriesMax
    const { db, setAside } = openDatabase(path, { schema, nowMs: now() })
    if (setAside !== undefined)
      onTrouble?.(
        `the state database ${path} was damaged: it was moved to ${setAside} and begun anew; approvals must be given again`,
      )
    this.#sql = statementsOf(db)
    this.#sql.expire.run(now())
  }

  /** What any part of the product keeps under a name of its own. */
  scope(tenant: Tenant, namespace: string): Scope {
    return {
      get: key => this.#get([tenant, namespace, key]),
      set: (key, value, ttlMs) => this.#set([tenant, namespace, key], value, ttlMs),
      setAll: (entries, ttlMs) => this.#setAll([tenant, namespace], entries, ttlMs),
      delete: key => this.#sql.delete.run(tenant, namespace, key).changes > 0,
      list: (prefix = '') => this.#list([tenant, namespace, prefix]),
    }
  }

  close(): void {
    this.#sql.db.close()
  }

  #get(place: Place): Json | undefined {
    const nowMs = this.#now()
    const row = this.#sql.get.get(...place, nowMs)
    if (row === undefined) return undefined
    // Reading is use, but a write for each read is not worth it: an hour is close enough to tell old from new.
    if (nowMs - Number(row['used']) > useMs) this.#sql.touch.run(nowMs, ...place)
    return jsonIn(row['value'])
  }

  #set(place: Place, value: Json, ttlMs: number | undefined): void {
    this.#put(place, value, ttlMs)
    this.#forgetOldest(place[0], place[1])
  }

  #forgetOldest(tenant: Tenant, namespace: string): void {
    if (Number(this.#sql.count.get(tenant, namespace)?.['n']) > this.#entriesMax)
      this.#sql.forget.run(tenant, namespace, tenant, namespace, this.#entriesMax)
  }

  #put(place: Place, value: Json, ttlMs: number | undefined): void {
    const [, namespace, key] = place
    const text = JSON.stringify(value)
    if (key.length > keyValueLimits.keyChars)
      throw new StoreError('STORE_TOO_LARGE', `a key of ${namespace} has ${key.length} characters`)
    if (Buffer.byteLength(text) > keyValueLimits.valueBytes)
      throw new StoreError(
        'STORE_TOO_LARGE',
        `the value of ${namespace}/${key.slice(0, 64)} has ${Buffer.byteLength(text)} bytes`,
      )
    const nowMs = this.#now()
    this.#sql.set.run(...place, text, nowMs, ttlMs === undefined ? null : nowMs + ttlMs)
  }

  #setAll([tenant, namespace]: readonly [Tenant, string], entries: readonly Entry[], ttlMs?: number): true {
    inTransaction(this.#sql.db, () => {
      for (const { key, value } of entries) this.#put([tenant, namespace, key], value, ttlMs)
      this.#forgetOldest(tenant, namespace)
    })
    return true
  }

  *#list([tenant, namespace, prefix]: Place): Generator<Entry> {
    for (const row of this.#sql.list.all(tenant, namespace, prefix, `${prefix}\u{10ffff}`, this.#now())) {
      const value = jsonIn(row['value'])
      if (value !== undefined) yield { key: String(row['key']), value }
    }
  }
}

/** One tenant's names in one namespace. */
export type Scope = {
  get(key: string): Json | undefined
  set(key: string, value: Json, ttlMs?: number): void
  /** All or none of them; true once they are written. */
  setAll(entries: readonly Entry[], ttlMs?: number): true
  delete(key: string): boolean
  /** Entries whose key begins so, in the order of keys. */
  list(prefix?: string): Iterable<Entry>
}

class StoreError extends Error {
  readonly code: 'STORE_TOO_LARGE'

  constructor(code: 'STORE_TOO_LARGE', message: string) {
    super(message)
    this.name = 'StoreError'
    this.code = code
  }
}

type Place = readonly [tenant: Tenant, namespace: string, key: string]

const useMs = 3_600_000

const schema = `
  CREATE TABLE IF NOT EXISTS entry (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL,
    value TEXT NOT NULL, used INTEGER NOT NULL, expires INTEGER,
    PRIMARY KEY (tenant, namespace, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entry_used ON entry (tenant, namespace, used);
`

type Statements = { readonly db: DatabaseSync } & Readonly<
  Record<'get' | 'set' | 'touch' | 'delete' | 'list' | 'count' | 'forget' | 'expire', StatementSync>
>

function statementsOf(db: DatabaseSync): Statements {
  const here = 'tenant = ? AND namespace = ?'
  return {
    db,
    get: db.prepare(`SELECT value, used FROM entry WHERE ${here} AND key = ? AND (expires IS NULL OR expires > ?)`),
    set: db.prepare(`INSERT INTO entry (tenant, namespace, key, value, used, expires) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET value = excluded.value, used = excluded.used, expires = excluded.expires`),
    touch: db.prepare(`UPDATE entry SET used = ? WHERE ${here} AND key = ?`),
    delete: db.prepare(`DELETE FROM entry WHERE ${here} AND key = ?`),
    list: db.prepare(
      `SELECT key, value FROM entry WHERE ${here} AND key >= ? AND key < ? AND (expires IS NULL OR expires > ?) ORDER BY key`,
    ),
    count: db.prepare(`SELECT count(*) AS n FROM entry WHERE ${here}`),
    forget: db.prepare(`DELETE FROM entry WHERE ${here} AND key IN
      (SELECT key FROM entry WHERE ${here} ORDER BY used DESC, key LIMIT -1 OFFSET ?)`),
    expire: db.prepare('DELETE FROM entry WHERE expires <= ?'),
  }
}

function jsonIn(stored: unknown): Json | undefined {
  if (typeof stored !== 'string') return undefined
  const value: Json = JSON.parse(stored)
  return value
}
