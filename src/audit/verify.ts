import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { holdLock } from '../store/lock.ts'
import { type AuditRecord, type Head, headOf } from './chain.ts'
import { ChainCheck, type ChainReport, type Fault } from './chain-check.ts'
import { type SegmentFile, segmentsIn } from './log-folder.ts'
import { readLines } from './read-lines.ts'
import { leftHeads } from './recover.ts'
import { type Verifier, verifierOf } from './sign.ts'

export type VerifyOptions = {
  /** PEM of the public key. Without it the folder's own is used, which proves less: who can write there can replace it. */
  readonly publicKey?: string
  /** Ends of chains that were noted somewhere else, e.g. printed to a terminal or sent away. */
  readonly expect?: readonly Head[]
}

export type VerifyReport = {
  readonly isIntact: boolean
  readonly records: number
  readonly chains: readonly ChainReport[]
  /** At most a hundred; `faultsMore` counts the rest. */
  readonly faults: readonly Fault[]
  readonly faultsMore: number
  readonly key: { readonly name: string; readonly from: 'given' | 'folder' } | undefined
}

/** Reads the whole record and says of every line that is not what was written: which file, which line, and what is wrong. */
export async function auditVerify(folder: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const key = keyFor(folder, options)
  const faults: Fault[] = []
  // Before any record is read: a chain that ends meanwhile holds whatever its end says by then.
  const claims: Claims = { heads: [...(options.expect ?? []), ...leftHeads(folder)], dropped: [] }
  const chains: ChainReport[] = []
  const ends = new Map<string, Map<number, string>>()
  const segments = segmentsIn(folder)
  for (const [chain, files] of Map.groupBy(segments, segment => segment.chain)) {
    const check = new ChainCheck(chain, { verifier: key?.verifier, isOpen: isOpen(folder, chain), faults })
    const named = new Set(claims.heads.filter(head => head.chain === chain).map(({ sequence }) => sequence))
    const seen = new Map<number, string>()
    ends.set(chain, seen)
    for (const file of files) await readSegment(file, { check, claims, named, seen })
    chains.push(check.finish(files.at(-1)?.name ?? chain))
  }
  compareClaims({ claims, chains, ends, faults, firsts: firstsOf(segments) })
  const records = chains.reduce((sum, chain) => sum + chain.records, 0)
  const named = key === undefined ? undefined : { name: key.verifier.key, from: key.from }
  const shown = faults.slice(0, faultsShown)
  return {
    isIntact: faults.length === 0,
    records,
    chains,
    faults: shown,
    faultsMore: faults.length - shown.length,
    key: named,
  }
}

const faultsShown = 100

type Drop = { readonly chain: string; readonly number: number; readonly to: number; readonly fingerprint: string }
type Claims = { readonly heads: Head[]; readonly dropped: Drop[] }
type Reading = {
  readonly check: ChainCheck
  readonly claims: Claims
  readonly named: ReadonlySet<number>
  readonly seen: Map<number, string>
}

async function readSegment(file: SegmentFile, { check, claims, named, seen }: Reading): Promise<void> {
  check.beginFile(file)
  for await (const lines of readLines(file.path))
    for (const line of lines) {
      const record = check.line(line)
      if (record === undefined) continue
      gather(record, claims)
      if (named.has(record.sequence)) seen.set(record.sequence, record.fingerprint)
    }
}

function gather(record: AuditRecord, claims: Claims): void {
  if (record.kind !== 'gateway') return
  const { event, heads, chain, number, to, fingerprint } = record.details
  if (event === 'start' && Array.isArray(heads)) claims.heads.push(...heads.flatMap(headOf))
  const isDrop = typeof chain === 'string' && typeof number === 'number' && typeof to === 'number'
  if (event === 'dropped' && isDrop && typeof fingerprint === 'string')
    claims.dropped.push({ chain, number, to, fingerprint })
}

function firstsOf(segments: readonly SegmentFile[]): ReadonlyMap<string, SegmentFile> {
  const firsts = new Map<string, SegmentFile>()
  for (const segment of segments) if (!firsts.has(segment.chain)) firsts.set(segment.chain, segment)
  return firsts
}

type Comparison = {
  readonly claims: Claims
  readonly chains: readonly ChainReport[]
  readonly ends: ReadonlyMap<string, ReadonlyMap<number, string>>
  readonly firsts: ReadonlyMap<string, SegmentFile>
  readonly faults: Fault[]
}

/** What later chains, or somebody outside, say of a chain must still be so. */
function compareClaims({ claims, chains, ends, firsts, faults }: Comparison): void {
  for (const head of new Map(claims.heads.map(head => [JSON.stringify(head), head])).values()) {
    const chain = chains.find(({ chain }) => chain === head.chain)
    const isDropped = claims.dropped.some(drop => explains(drop, head))
    if (chain === undefined && !isDropped)
      faults.push(
        gone(head.chain, `the whole chain is gone: elsewhere it is noted that it had ${head.sequence} records`),
      )
    if (chain === undefined || chain.faults > 0) continue
    if (chain.head.sequence < head.sequence)
      faults.push(
        cut(chain, `it ends at record ${chain.head.sequence}; elsewhere it is noted that it had ${head.sequence}`),
      )
    else if (fingerprintAt(chain, head.sequence, ends) !== head.fingerprint)
      faults.push(
        cut(
          chain,
          `record ${head.sequence} is another than the one that is named elsewhere: the chain was written anew`,
        ),
      )
  }
  for (const [chain, first] of firsts) {
    const isExplained = claims.dropped.some(
      d => d.chain > chain || (d.chain === chain && d.number === first.number - 1),
    )
    if (first.number === 1 || isExplained) continue
    faults.push(gone(first.name, 'the files before it are gone, and no record says that they were dropped for age'))
  }
}

// The oldest go first: whatever is older than something dropped may be gone too, even if the record of that went later.
function explains(drop: Drop, head: Head): boolean {
  return drop.chain > head.chain || (drop.chain === head.chain && drop.to >= head.sequence)
}

function fingerprintAt(chain: ChainReport, sequence: number, ends: Comparison['ends']): string | undefined {
  return chain.head.sequence === sequence ? chain.head.fingerprint : ends.get(chain.chain)?.get(sequence)
}

function gone(file: string, text: string): Fault {
  return { file, line: 0, what: 'missing', text }
}

function cut(chain: ChainReport, text: string): Fault {
  return { file: chain.lastFile, line: chain.lastLine, what: 'truncated', text }
}

function keyFor(
  folder: string,
  { publicKey }: VerifyOptions,
): { verifier: Verifier; from: 'given' | 'folder' } | undefined {
  if (publicKey !== undefined) return { verifier: verifierOf(publicKey), from: 'given' }
  const file = join(folder, 'signing-key.pem.pub')
  return existsSync(file) ? { verifier: verifierOf(readFileSync(file, 'utf8')), from: 'folder' } : undefined
}

function isOpen(folder: string, chain: string): boolean {
  const file = join(folder, `${chain}.lock`)
  if (!existsSync(file)) return false
  const lock = holdLock(file)
  lock?.release()
  return lock === undefined
}
