import type { ServerName } from './brand.ts'
import type { Effect } from './capability.ts'
import type { Finding } from './finding.ts'
import type { Json } from './json.ts'
import type { Message } from './message.ts'

/** Who takes on what a server offers, from loose to strict. `auto` and `scan` take a first look for granted if it is clean. */
export const trusts = ['auto', 'scan', 'manual'] as const
export type Trust = (typeof trusts)[number]

/** What is pinned. `apps` are the pages that a server draws in a client; other resources are data, not surface. */
export const pinParts = ['server', 'tools', 'prompts', 'templates', 'apps'] as const
export type PinPart = (typeof pinParts)[number]

/** Why something that a server offers is not what was approved. */
export type Standing =
  | 'unaccepted' // nobody has accepted this server yet
  | 'new'
  | 'changed'
  | 'renamed'
  | 'lookalike'
  | 'rejected'
  | 'unreadable' // too deep, too many, or without a name
  | 'no-store' // what was approved cannot be read

/** One thing that a message offers or asks for and that was not approved. */
export type PinMark = {
  readonly part: PinPart
  readonly name: string
  readonly standing: Standing
  /** Its place among the items of a surface message. */
  readonly index?: number
  /** The approved name that it resembles, or for a broken store what is wrong with it. */
  readonly was?: string
  /** What it could do beyond what was approved. */
  readonly gains?: readonly Effect[]
  /** Of the server itself: each member that strayed, with its approved value. */
  readonly restore?: readonly { readonly path: string; readonly value?: Json }[]
}

export type PinSubject = {
  readonly server: ServerName
  /** Package or URL, never a command line: that one holds secrets. */
  readonly identity: string
  readonly trust: Trust
  /** What exactly is behind that identity now: a stored version, a digest; absent where nobody knows. */
  readonly artefact?: string
}

/** Compares what servers offer with what was approved, and remembers it. */
export type PinPort = {
  /** What in a message was not approved; keeps nothing. */
  look(subject: PinSubject, message: Message): readonly PinMark[]
  /** Notes what was seen and what guards found in it, on the disk before it returns; if it throws, nothing passes. */
  keep(subject: PinSubject, message: Message, findings: readonly Finding[]): void
  /** Those of the findings that a person saw and accepted, in exactly this definition of the item. */
  accepted(subject: PinSubject, message: Message, findings: readonly Finding[]): readonly Finding[]
}
