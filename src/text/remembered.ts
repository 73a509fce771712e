import { hash } from 'node:crypto'
import type { Finding } from '../core/finding.ts'
import type { Message } from '../core/message.ts'
import { lastFew } from './last-few.ts'
import { type Leaves, leavesOf } from './leaves.ts'

/** So much is remembered, the longest unused message going first; of each what every guard found under its options. */
export const rememberedBounds = { messages: 512, findings: 16, edits: 32 } as const

type Asked = { readonly message: Message; readonly options: object }

/**
 * What `find` finds, or found before in a message of the same kind with the same strings at the same places, under the
 * same options: agents read the same files and lists again and again. `isRepeatable` says of findings whether nothing
 * else, as the session or its tools, had a part in them; it is asked when they are kept and again when they are told.
 */
export type Memory<F extends Finding> = (
  asked: Asked,
  isRepeatable: (findings: readonly Finding[]) => boolean,
  find: () => readonly F[],
) => readonly F[]

/** A memory of its own, for a guard that remembers more of a finding than it tells. */
export function newMemory<F extends Finding>(): Memory<F> {
  // Options are one value until the next reload: what was found under others is never told, and goes with them.
  const kept = new WeakMap<object, Kept<F>[]>()
  return ({ message, options }, isRepeatable, find) => {
    const memo = memoOf(message)
    if (memo === undefined) return find()
    const all = kept.get(options) ?? []
    if (all.length === 0) kept.set(options, all)
    const known = all[memo.place]
    if (known?.memo === memo && isRepeatable(known.findings)) return known.findings
    const findings = find()
    if (isSmall(findings) && isRepeatable(findings)) all[memo.place] = { memo, findings }
    return findings
  }
}

/** Stands for one message. Its place is given to another when it goes, and what stands there of it is told no more. */
type Memo = { readonly place: number }
type Kept<F> = { readonly memo: Memo; readonly findings: readonly F[] }

/** The memory of all guards that tell findings as they are; options tell them apart. */
export const remembered: Memory<Finding> = newMemory()

/** For guards that ask nothing but the strings. */
export function isAlways(): boolean {
  return true
}

/** For guards whose findings depend on more than the strings, but which find nothing where the strings hold nothing. */
export function isNothing(findings: readonly Finding[]): boolean {
  return findings.length === 0
}

function isSmall(findings: readonly Finding[]): boolean {
  const edits = findings.reduce((sum, { fix }) => sum + (fix?.length ?? 0), 0)
  return findings.length <= rememberedBounds.findings && edits <= rememberedBounds.edits
}

const asked = lastFew<Leaves, { readonly kind: string; readonly memo: Memo | undefined }>()

/** Looked up once, however many guards ask. */
function memoOf(message: Message): Memo | undefined {
  const { kind } = message.body
  const leaves = leavesOf(message)
  const known = asked.get(leaves)
  if (known?.kind === kind) return known.memo
  const digest = digestFor(`${kind} ${message.root} ${leaves.left}`, leaves)
  const memo = digest === undefined ? undefined : memoFor(digest)
  asked.set(leaves, { kind, memo }, leaves.units)
  return memo
}

const memos = new Map<string, Memo>()

/** The message of this digest, now the last that was used. */
function memoFor(digest: string): Memo {
  const memo = memos.get(digest) ?? { place: memos.size < rememberedBounds.messages ? memos.size : freedPlace() }
  memos.delete(digest)
  memos.set(digest, memo)
  return memo
}

function freedPlace(): number {
  for (const [digest, { place }] of memos) {
    memos.delete(digest)
    return place
  }
  return 0
}

/** Of all strings and where they stand. */
function digestFor(head: string, { leaves }: Leaves): string | undefined {
  // Lengths stand first, so that no two lists of strings are written alike.
  let written = head
  for (const { at, text, isKey } of leaves) written += ` ${isKey ? 'k' : 'v'}${at.length} ${text.length} ${at}${text}`
  // Half a surrogate pair has no bytes of its own: two such texts would have one digest.
  return written.isWellFormed() ? hash('sha256', written, 'base64url') : undefined
}
