import type { Effect } from '../core/capability.ts'
import type { JsonObject } from '../core/json.ts'
import type { PinPart, Standing } from '../core/pin.ts'
import type { ItemHash } from './surface-hash.ts'

/** What is remembered of one server: data, replaced and never changed. */
export type ServerPins = {
  /** Parts whose first look is over: what appears there later is new. */
  readonly settled: readonly PinPart[]
  /** Messages that showed each part while it was open. */
  readonly pages: Readonly<Partial<Record<PinPart, number>>>
  /** By `part/name`. */
  readonly items: ReadonlyMap<string, Pin>
  /** The version or digest that was started last, and the one before it. */
  readonly artefact?: Artefact
}

export type Artefact = { readonly is: string; readonly sinceMs: number; readonly was?: string }

export type Pin = {
  readonly approved?: Approval
  /** What the server offers in its place and nobody accepted. */
  readonly waiting?: Offer
  /** While a no of a person stands here, no rule says yes to anything here. */
  readonly rejected: readonly ItemHash[]
}

/** A definition as it was seen. */
export type Seen = {
  readonly hash: ItemHash
  readonly atMs: number
  readonly effects: readonly Effect[]
  /** For the diff; left out when it is large. */
  readonly item?: JsonObject
}

/** `by` is a person, or `rule:first-use`, or `rule:auto`. */
export type Approval = Seen & {
  readonly by: string
  /** Rules of guards that had found something in it when a person accepted it all the same. */
  readonly despite?: readonly string[]
}

export type Offer = Seen & {
  readonly standing: Standing
  /** The approved name that it resembles. */
  readonly was?: string
  /** Rules of other guards that found something in it. */
  readonly found: readonly string[]
}
