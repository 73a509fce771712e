import { createHash } from 'node:crypto'
import type { Principal, SessionId, Tenant } from '../core/brand.ts'
import type { Json } from '../core/json.ts'
import type { SessionPort } from '../core/port.ts'
import type { Session } from '../core/session.ts'

/** What names a piece of work: who does it, and what it is called. Connections come and go under one of these. */
export type WorkKey = {
  readonly tenant: Tenant
  readonly principal: Principal
  readonly role: string
  /** The client's own name for it, else the client's name: two windows of one editor are one piece of work. */
  readonly name: string
  readonly client: string
  /** Where a label holds: in the piece of work that earned it, or in all of its principal's. */
  readonly labelsHold: 'work' | 'principal'
}

/** A piece of work in progress. `session` is replaced, never changed; each change is handed to the store at once. */
export type Work = {
  readonly session: () => Session
  absorb(memory: Readonly<Record<string, Json>>, labels: readonly string[]): void
}

/** Labels of one session; more than this means that somebody is inventing them. */
const labelsMax = 64

export function openWork(sessions: SessionPort, key: WorkKey, nowMs: number): Work {
  const id = sessionIdOf(key)
  let latest = fresh(key, id, nowMs)
  // Asked for each time: other connections of the same work have read and done things since. The role is the
  // configuration's of now, not the one under which the work began.
  const own = (): Session => {
    const kept = sessions.load(key.tenant, id) ?? latest
    const { role, client } = key
    latest = kept.role === role && kept.client === client ? kept : { ...kept, role, client }
    return latest
  }
  const absorb: Work['absorb'] = (memory, labels) => {
    if (labels.length === 0 && isEmpty(memory)) return
    const now = own()
    const added = labels.filter(label => !now.labels.includes(label))
    if (added.length === 0 && isEmpty(memory)) return
    const all = [...now.labels, ...new Set(added)].slice(0, labelsMax)
    latest = { ...now, labels: all, memory: { ...now.memory, ...memory } }
    sessions.save(key.tenant, latest)
  }
  return { session: () => withLabels(own(), sessions, key), absorb }
}

/** What others of the principal read is added on each look and never stored here, so that the setting can be taken back. */
function withLabels(own: Session, sessions: SessionPort, { tenant, principal, labelsHold }: WorkKey): Session {
  if (labelsHold === 'work') return own
  const others = sessions.labelsOf(tenant, principal).filter(label => !own.labels.includes(label))
  return others.length === 0 ? own : { ...own, labels: [...own.labels, ...others] }
}

function isEmpty(memory: Readonly<Record<string, Json>>): boolean {
  for (const _ in memory) return false
  return true
}

/** The same principal and work give the same session, whatever connection or process it comes through. */
function sessionIdOf({ tenant, principal, name }: WorkKey): SessionId {
  const digest = createHash('sha256')
    .update(JSON.stringify([tenant, principal, name]))
    .digest('base64url')
  return digest.slice(0, 22) as SessionId
}

function fresh({ tenant, principal, role, client }: WorkKey, id: SessionId, startedMs: number): Session {
  return { id, tenant, principal, role, client, startedMs, labels: [], memory: {} }
}
