import type { SessionId } from '../core/brand.ts'
import type { PinSubject, Standing } from '../core/pin.ts'
import { judgeItem, keyOf } from './pin.ts'
import type { ServerPins } from './pin-record.ts'
import type { Sight } from './surface-item.ts'

/** What the sessions of one server were last shown that is not approved, by key of the item. */
export type Astray = {
  /** Undefined where nothing strayed before the eyes of this session. */
  of(session: SessionId): ReadonlyMap<string, Standing> | undefined
  /** Notes what this session is shown; true when all of it is approved. */
  note(session: SessionId, shown: Shown): boolean
  /** This session is shown what was found whole before. */
  meet(session: SessionId): void
  /** A person took back what sessions had been shown as approved: they have to look anew before they use it. */
  refused(before: ServerPins, after: ServerPins): void
}

export type Shown = { readonly pins: ServerPins; readonly sight: Sight; readonly subject: PinSubject }

/** Sessions remembered per server; the oldest goes first, and its client's next list tells anew. */
const sessionsMax = 10_000
/** Names of one session beyond which only those are kept under which something is approved; of others each use is refused anyway. */
export const strayedMax = 2_000
/** Shared by all sessions before which nothing strayed: they are many. */
const nothing: ReadonlyMap<string, Standing> = new Map()

export function newAstray(): Astray {
  const sessions = new Map<SessionId, ReadonlyMap<string, Standing>>()
  const keep = (session: SessionId, strayed: ReadonlyMap<string, Standing>) => {
    sessions.delete(session)
    sessions.set(session, strayed.size === 0 ? nothing : strayed)
    if (sessions.size > sessionsMax) sessions.delete(sessions.keys().next().value ?? session)
  }
  return {
    of(session) {
      const strayed = sessions.get(session)
      return strayed === nothing ? undefined : strayed
    },
    note(session, shown) {
      const { strayed, isApproved } = strayedBy(sessions.get(session) ?? nothing, shown)
      keep(session, strayed)
      return isApproved
    },
    meet(session) {
      if (!sessions.has(session)) keep(session, nothing)
    },
    refused(before, after) {
      const keys = refusedSince(before, after)
      if (keys.length === 0) return
      for (const [session, strayed] of sessions)
        sessions.set(session, new Map([...keys.map(key => [key, 'rejected'] as const), ...strayed]))
    },
  }
}

function strayedBy(before: ReadonlyMap<string, Standing>, { pins, sight, subject }: Shown) {
  const strayed = new Map(before)
  const bad = new Set<string>()
  for (const item of sight.items) {
    const key = keyOf(item)
    const judged = judgeItem(pins, item, subject.trust)
    if (judged.kind === 'approved') {
      // Two definitions under one name in one list: the wrong one counts.
      if (!bad.has(key)) strayed.delete(key)
      continue
    }
    bad.add(key)
    strayed.set(key, judged.kind === 'astray' ? judged.standing : 'changed')
  }
  bound(strayed, pins)
  return { strayed, isApproved: bad.size === 0 }
}

// A server can show new names for as long as somebody lists.
function bound(strayed: Map<string, Standing>, { items }: ServerPins): void {
  if (strayed.size <= strayedMax) return
  for (const key of strayed.keys()) {
    if (items.get(key)?.approved === undefined) strayed.delete(key)
    if (strayed.size <= strayedMax) return
  }
}

function refusedSince(before: ServerPins, after: ServerPins): readonly string[] {
  if (before === after) return []
  return [...before.items].flatMap(([key, { approved }]) => {
    const isRefused = approved !== undefined && after.items.get(key)?.rejected.includes(approved.hash) === true
    return isRefused ? [key] : []
  })
}
