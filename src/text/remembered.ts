import { hash } from 'node:crypto'
import type { Finding } from '../core/finding.ts'
import type { Message } from '../core/message.ts'
import { type Leaves, leavesOf } from './leaves.ts'

/** So much is remembered of each guard under each set of options, the longest unused going first. */
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
  const memos = new WeakMap<object, Map<string, readonly F[]>>()
  return ({ message, options }, isRepeatable, find) => {
    const digest = digestOf(message)
    if (digest === undefined) return find()
    const memo = memos.get(options) ?? new Map<string, readonly F[]>()
    if (memo.size === 0) memos.set(options, memo)
    const known = memo.get(digest)
    if (known !== undefined && isRepeatable(known)) {
      memo.delete(digest)
      memo.set(digest, known)
      return known
    }
    const findings = find()
    if (isSmall(findings) && isRepeatable(findings)) keep(memo, digest, findings)
    return findings
  }
}

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

function keep<F>(memo: Map<string, F>, digest: string, findings: F): void {
  memo.set(digest, findings)
  if (memo.size <= rememberedBounds.messages) return
  for (const oldest of memo.keys()) {
    memo.delete(oldest)
    return
  }
}

function isSmall(findings: readonly Finding[]): boolean {
  const edits = findings.reduce((sum, { fix }) => sum + (fix?.length ?? 0), 0)
  return findings.length <= rememberedBounds.findings && edits <= rememberedBounds.edits
}

const digests = new WeakMap<Leaves, { readonly kind: string; readonly digest: string | undefined }>()

/** Of all strings and where they stand; computed once, however many guards ask. */
function digestOf(message: Message): string | undefined {
  const { kind } = message.body
  const leaves = leavesOf(message)
  const known = digests.get(leaves)
  if (known?.kind === kind) return known.digest
  const digest = digestFor(`${kind} ${message.root} ${leaves.left}`, leaves)
  digests.set(leaves, { kind, digest })
  return digest
}

function digestFor(head: string, { leaves }: Leaves): string | undefined {
  // Lengths stand first, so that no two lists of strings are written alike.
  let written = head
  for (const { at, text, isKey } of leaves) written += ` ${isKey ? 'k' : 'v'}${at.length} ${text.length} ${at}${text}`
  // Half a surrogate pair has no bytes of its own: two such texts would have one digest.
  return written.isWellFormed() ? hash('sha256', written, 'base64url') : undefined
}
