import { createHmac } from 'node:crypto'
import type { SessionId } from '../core/brand.ts'

/** A value that was found and the rule that found it. */
export type Masked = { readonly rule: string; readonly text: string }

/**
 * Values that placeholders stand for, in memory only: they never touch a disk, and after a restart nobody can have them
 * back. A placeholder is a keyed digest, so that none can be guessed or carried into another session.
 */
export type MaskVault = {
  /** The placeholder of a value, the same each time in one session; undefined when the value is too long to keep. */
  mask(session: SessionId, value: Masked, nowMs: number): string | undefined
  reveal(session: SessionId, placeholder: string, nowMs: number): Masked | undefined
}

export const maskBounds = { perSession: 2000, values: 20_000, oneChars: 16_384, chars: 16_777_216, lifeMs: 14_400_000 }

/** How placeholders look: what they stand for, and 132 bits that only the holder of the key can make. */
export const placeholderPattern = /masked_[a-z0-9-]{1,48}_[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])/gu

type Kept = { readonly session: SessionId; readonly value: Masked; readonly untilMs: number }

export function newMaskVault(key: Uint8Array, bounds: typeof maskBounds = maskBounds): MaskVault {
  // In order of use, so that the first is the one to go.
  const kept = new Map<string, Kept>()
  const counts = new Map<SessionId, number>()
  let chars = 0
  const drop = (name: string): void => {
    const one = kept.get(name)
    if (one === undefined) return
    kept.delete(name)
    chars -= one.value.text.length
    const left = (counts.get(one.session) ?? 1) - 1
    if (left === 0) counts.delete(one.session)
    else counts.set(one.session, left)
  }
  const put = (name: string, one: Kept): void => {
    drop(name)
    kept.set(name, one)
    chars += one.value.text.length
    counts.set(one.session, (counts.get(one.session) ?? 0) + 1)
  }
  const makeRoom = (session: SessionId, nowMs: number): void => {
    for (const [name, { untilMs }] of kept) {
      if (untilMs > nowMs) break
      drop(name)
    }
    if ((counts.get(session) ?? 0) > bounds.perSession)
      for (const [name, one] of kept) {
        if ((counts.get(session) ?? 0) <= bounds.perSession) break
        if (one.session === session) drop(name)
      }
    for (const name of kept.keys()) {
      if (kept.size <= bounds.values && chars <= bounds.chars) break
      drop(name)
    }
  }
  return {
    mask(session, value, nowMs) {
      if (value.text.length > bounds.oneChars) return undefined
      const placeholder = placeholderOf(key, session, value)
      put(nameOf(session, placeholder), { session, value, untilMs: nowMs + bounds.lifeMs })
      makeRoom(session, nowMs)
      return placeholder
    },
    reveal(session, placeholder, nowMs) {
      const name = nameOf(session, placeholder)
      const one = kept.get(name)
      if (one === undefined || one.untilMs <= nowMs) return undefined
      put(name, { ...one, untilMs: nowMs + bounds.lifeMs })
      return one.value
    },
  }
}

function nameOf(session: SessionId, placeholder: string): string {
  return `${session.length} ${session} ${placeholder}`
}

function placeholderOf(key: Uint8Array, session: SessionId, { rule, text }: Masked): string {
  const kind = rule.replaceAll(/[^a-z0-9]+/gu, '-').slice(0, 48)
  const digest = createHmac('sha256', key)
    .update(JSON.stringify([session, rule, text]))
    .digest('base64url')
  return `masked_${kind}_${digest.slice(0, 22)}`
}
