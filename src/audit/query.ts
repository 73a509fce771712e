import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AuditRecord, decode } from './chain.ts'
import { type AuditFilter, matches } from './filter.ts'
import { type SegmentFile, segmentsIn } from './log-folder.ts'
import { readLines } from './read-lines.ts'

export type ReadOptions = {
  readonly filter?: AuditFilter
  /** At most so many records. */
  readonly limit?: number
  /** Told of each line that is no record or was changed; such lines are never passed off as records. */
  readonly onBroken?: (file: string, line: number) => void
}

export type TailOptions = ReadOptions & {
  /** Goes on with what is written from now on, until this aborts. */
  readonly follow?: AbortSignal
}

/** Records that match, oldest first, over all chains. */
export async function* auditQuery(folder: string, options: ReadOptions = {}): AsyncGenerator<AuditRecord> {
  const { filter = {}, limit = Number.POSITIVE_INFINITY } = options
  let left = limit
  for await (const record of inOrder(chainsOf(folder, filter), options)) {
    if (left <= 0) return
    if (!matches(record, filter)) continue
    left--
    yield record
  }
}

/** The last records that match, oldest first; then, if asked to follow, whatever comes. */
export async function* auditTail(folder: string, options: TailOptions = {}): AsyncGenerator<AuditRecord> {
  const places = new Map<string, Place>()
  if (options.follow !== undefined) for (const { path } of segmentsIn(folder)) places.set(path, await endOf(path))
  yield* await lastOf(folder, options, places)
  if (options.follow !== undefined) yield* follow(folder, options, places)
}

const tailDefault = 20
const pollMs = 250

type Place = { readonly offset: number; readonly number: number }

function chainsOf(folder: string, { sinceMs, untilMs }: AuditFilter): SegmentFile[][] {
  const chains = Map.groupBy(segmentsIn(folder), segment => segment.chain)
  return [...chains.values()].flatMap(files => {
    // A file last written before the time asked for holds nothing of it; a minute's grace for clocks that were set.
    const late = files.filter(({ path }) => sinceMs === undefined || changedMs(path) >= sinceMs - graceMs)
    const isTooNew = untilMs !== undefined && startMs(files[0]?.chain ?? '') > untilMs + graceMs
    return late.length === 0 || isTooNew ? [] : [late]
  })
}

const graceMs = 60_000

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

/** A chain's name begins with the moment its process started. */
function startMs(chain: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/u.exec(chain) ?? []
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s))
}

type Cursor = { readonly records: AsyncGenerator<AuditRecord>; next: AuditRecord }

/** Merges chains by time. A chain is opened when its turn comes, so that thousands of short ones are not open at once. */
async function* inOrder(chains: readonly SegmentFile[][], options: ReadOptions): AsyncGenerator<AuditRecord> {
  const waiting = [...chains]
  const open: Cursor[] = []
  try {
    for (;;) {
      const first = earliest(open)
      const [chain] = waiting
      if (chain !== undefined && (first === undefined || startMs(chain[0]?.chain ?? '') <= first.next.time)) {
        waiting.shift()
        const records = recordsOf(chain, options)
        const { value, done } = await records.next()
        if (done !== true) open.push({ records, next: value })
        continue
      }
      if (first === undefined) return
      yield first.next
      const { value, done } = await first.records.next()
      if (done === true) open.splice(open.indexOf(first), 1)
      else first.next = value
    }
  } finally {
    for (const { records } of open) await records.return(undefined)
  }
}

function earliest(cursors: readonly Cursor[]): Cursor | undefined {
  let first = cursors[0]
  for (const cursor of cursors) if (first !== undefined && cursor.next.time < first.next.time) first = cursor
  return first
}

async function* recordsOf(files: readonly SegmentFile[], options: ReadOptions): AsyncGenerator<AuditRecord> {
  for (const file of files) yield* recordsIn(file, { options, from: { offset: 0, number: 0 } })
}

type Reading = { readonly options: ReadOptions; readonly from: Place; readonly onPlace?: (place: Place) => void }

async function* recordsIn(file: SegmentFile, { options, from, onPlace }: Reading): AsyncGenerator<AuditRecord> {
  for await (const lines of readLines(file.path, from))
    for (const { text, number, end, isWhole } of lines) {
      if (!isWhole) continue
      onPlace?.({ offset: end, number })
      const decoded = decode(text)
      if ('record' in decoded) yield decoded.record
      else options.onBroken?.(file.name, number)
    }
}

/** Looks at the newest files first and stops once older ones cannot hold anything later than what was found. */
async function lastOf(folder: string, options: TailOptions, upTo: ReadonlyMap<string, Place>): Promise<AuditRecord[]> {
  const { filter = {}, limit = tailDefault } = options
  const files = segmentsIn(folder).map(file => ({ file, changed: changedMs(file.path) }))
  files.sort((a, b) => b.changed - a.changed)
  let found: AuditRecord[] = []
  for (const { file, changed } of files) {
    if (found.length >= limit && changed < (found[0]?.time ?? 0) - graceMs) break
    const until = upTo.get(file.path)?.offset ?? Number.POSITIVE_INFINITY
    found = latest([...found, ...(await matchesIn(file, { ...options, filter, limit }, until))], limit)
  }
  return found
}

async function matchesIn(
  file: SegmentFile,
  options: Required<Pick<TailOptions, 'filter' | 'limit'>> & ReadOptions,
  until: number,
): Promise<AuditRecord[]> {
  let found: AuditRecord[] = []
  let offset = 0
  const onPlace = (place: Place): void => {
    offset = place.offset
  }
  for await (const record of recordsIn(file, { options, from: { offset: 0, number: 0 }, onPlace })) {
    if (offset > until) break
    if (matches(record, options.filter)) found.push(record)
    if (found.length > options.limit * 2 + 1000) found = latest(found, options.limit)
  }
  return found
}

function latest(records: AuditRecord[], limit: number): AuditRecord[] {
  const sorted = records.sort((a, b) => a.time - b.time || a.sequence - b.sequence)
  return sorted.slice(Math.max(0, sorted.length - limit))
}

async function endOf(path: string): Promise<Place> {
  let place: Place = { offset: 0, number: 0 }
  for await (const lines of readLines(path))
    for (const { end, number, isWhole } of lines) if (isWhole) place = { offset: end, number }
  return place
}

async function* follow(folder: string, options: TailOptions, places: Map<string, Place>): AsyncGenerator<AuditRecord> {
  const { follow: signal, filter = {} } = options
  while (signal?.aborted === false) {
    const came: AuditRecord[] = []
    for (const file of segmentsIn(folder)) {
      const from = places.get(file.path) ?? { offset: 0, number: 0 }
      if ((statSync(file.path, { throwIfNoEntry: false })?.size ?? 0) <= from.offset) continue
      const onPlace = (place: Place): void => {
        places.set(file.path, place)
      }
      for await (const record of recordsIn(file, { options, from, onPlace }))
        if (matches(record, filter)) came.push(record)
    }
    yield* latest(came, Number.POSITIVE_INFINITY)
    await sleep(pollMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  }
}
