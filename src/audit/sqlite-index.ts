import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { severities } from '../core/finding.ts'
import { inTransaction, openDatabase } from '../store/sqlite.ts'
import { type AuditRecord, decode } from './chain.ts'
import { type AuditFilter, matches } from './filter.ts'
import { type SegmentFile, segmentsIn } from './log-folder.ts'
import { readLines } from './read-lines.ts'

/** A place in the answer to go on from: time and row of the last record shown. */
export type Cursor = { readonly time: number; readonly row: number }

export type Page = { readonly records: readonly AuditRecord[]; readonly next: Cursor | undefined }

/**
 * An index over the record, for pages of a console. It can be thrown away at any time: it holds where each record
 * stands, the records themselves are read from the files and checked, so nothing that only stands here is ever shown.
 */
export class AuditIndex {
  readonly #folder: string
  readonly #db: DatabaseSync

  constructor(
    folder: string,
    { path = join(folder, 'index.sqlite'), nowMs = Date.now() }: { path?: string; nowMs?: number } = {},
  ) {
    this.#folder = folder
    this.#db = openDatabase(path, { schema, nowMs }).db
  }

  /** Takes in what was written since; forgets files that were dropped or are shorter than they were. */
  async update(): Promise<{ readonly added: number }> {
    const files = segmentsIn(this.#folder)
    const names = new Set(files.map(({ name }) => name))
    for (const { name, bytes } of this.#known())
      if (!names.has(name) || sizeOf(join(this.#folder, name)) < bytes) this.#forget(name)
    const known = new Map(this.#known().map(file => [file.name, file]))
    let added = 0
    for (const file of files) {
      const from = known.get(file.name) ?? { bytes: 0, line: 0 }
      if (sizeOf(file.path) > from.bytes) added += await this.#takeIn(file, { offset: from.bytes, number: from.line })
    }
    return { added }
  }

  /** The newest records that match, newest first, `limit` at a time. */
  page(filter: AuditFilter, { limit = 100, before }: { limit?: number; before?: Cursor } = {}): Page {
    const { where, values } = conditionOf(filter, before)
    const query = this.#db.prepare(`SELECT rowid AS row, time, file, start, end FROM record
      WHERE ${where} ORDER BY time DESC, rowid DESC LIMIT ${lookedAtMax}`)
    const records: AuditRecord[] = []
    let next: Cursor | undefined
    let looked = 0
    for (const row of query.iterate(...values)) {
      looked++
      next = { time: Number(row['time']), row: Number(row['row']) }
      const record = this.#read(String(row['file']), Number(row['start']), Number(row['end']))
      if (record !== undefined && matches(record, filter)) records.push(record)
      if (records.length >= limit) return { records, next }
    }
    // Text is searched for in the records themselves; one page looks at so many and says where to go on.
    return { records, next: looked >= lookedAtMax ? next : undefined }
  }

  close(): void {
    this.#db.close()
  }

  #known(): Array<{ name: string; bytes: number; line: number }> {
    const rows = this.#db.prepare('SELECT name, bytes, line FROM file').all()
    return rows.map(row => ({ name: String(row['name']), bytes: Number(row['bytes']), line: Number(row['line']) }))
  }

  #forget(name: string): void {
    this.#db.prepare('DELETE FROM record WHERE file = ?').run(name)
    this.#db.prepare('DELETE FROM file WHERE name = ?').run(name)
  }

  async #takeIn(file: SegmentFile, from: { offset: number; number: number }): Promise<number> {
    let start = from.offset
    let added = 0
    for await (const lines of readLines(file.path, from)) {
      inTransaction(this.#db, () => {
        for (const { text, end, number, isWhole } of lines) {
          if (!isWhole) continue
          const decoded = decode(text)
          if ('record' in decoded) added += this.#insert(decoded.record, { file: file.name, start, end: end - 1 })
          this.#db
            .prepare('INSERT OR REPLACE INTO file (name, bytes, line) VALUES (?, ?, ?)')
            .run(file.name, end, number)
          start = end
        }
      })
    }
    return added
  }

  #insert(record: AuditRecord, { file, start, end }: { file: string; start: number; end: number }): number {
    const { time, kind, tenant_uid, session_uid, user_uid, server, details } = record
    const severity = ranks.get(record.severity) ?? -1
    const row = [
      file,
      start,
      end,
      time,
      kind,
      severity,
      tenant_uid,
      session_uid ?? null,
      user_uid ?? null,
      server ?? null,
    ]
    return Number(this.#db.prepare(insert).run(...row, textOf(details['tool']), textOf(details['verdict'])).changes)
  }

  #read(file: string, start: number, end: number): AuditRecord | undefined {
    const fd = openIfThere(join(this.#folder, file))
    if (fd === undefined) return undefined
    try {
      const buffer = Buffer.alloc(end - start)
      const read = readSync(fd, buffer, 0, buffer.length, start)
      const decoded = decode(buffer.toString('utf8', 0, read))
      return 'record' in decoded ? decoded.record : undefined
    } finally {
      closeSync(fd)
    }
  }
}

const lookedAtMax = 10_000
const ranks: ReadonlyMap<string, number> = new Map(severities.map((name, rank) => [name, rank]))

const schema = `
  CREATE TABLE IF NOT EXISTS file (name TEXT PRIMARY KEY, bytes INTEGER NOT NULL, line INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS record (
    file TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, time REAL NOT NULL, kind TEXT NOT NULL,
    severity INTEGER NOT NULL, tenant TEXT NOT NULL, session TEXT, principal TEXT, server TEXT, tool TEXT, verdict TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS record_time ON record (time);
  CREATE INDEX IF NOT EXISTS record_session ON record (session, time);
  CREATE INDEX IF NOT EXISTS record_server ON record (server, time);
  CREATE INDEX IF NOT EXISTS record_file ON record (file);
`

const insert = `INSERT INTO record (file, start, end, time, kind, severity, tenant, session, principal, server, tool, verdict)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

function conditionOf(filter: AuditFilter, before: Cursor | undefined): { where: string; values: SQLInputValue[] } {
  const parts: Array<readonly [sql: string, ...values: SQLInputValue[]]> = [['1']]
  for (const column of ['tenant', 'session', 'principal', 'server', 'tool', 'kind', 'verdict'] as const) {
    const value = filter[column]
    if (value !== undefined) parts.push([`${column} = ?`, value])
  }
  if (filter.sinceMs !== undefined) parts.push(['time >= ?', filter.sinceMs])
  if (filter.untilMs !== undefined) parts.push(['time <= ?', filter.untilMs])
  if (filter.severity !== undefined)
    parts.push(['(severity < 0 OR severity >= ?)', severities.indexOf(filter.severity)])
  if (before !== undefined) parts.push(['(time, rowid) < (?, ?)', before.time, before.row])
  return { where: parts.map(([sql]) => sql).join(' AND '), values: parts.flatMap(([, ...values]) => values) }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch {
    // Dropped since the index last looked.
    return undefined
  }
}
