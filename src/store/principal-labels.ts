import type { DatabaseSync } from 'node:sqlite'
import type { Principal, Tenant } from '../core/brand.ts'
import type { Session } from '../core/session.ts'

/** What the sessions of each principal were labelled with, whichever of them it was. */
export type PrincipalLabels = {
  of(tenant: Tenant, principal: Principal): readonly string[]
  /** Adds a session's labels; its place is the transaction that writes the session. */
  note(session: Session, nowMs: number): void
  /** Reads anew what another process may have added. */
  forgetCache(): void
}

/** Enough for all that guards and rules name; more means that somebody is inventing them. */
export const principalLabelsMax = 64

/** Labels outlive their session here: opening a thousand new ones must not push out the one that read a secret. */
export const principalLabelSchema = `
  CREATE TABLE IF NOT EXISTS principal_label (
    tenant TEXT NOT NULL, principal TEXT NOT NULL, label TEXT NOT NULL, used INTEGER NOT NULL,
    PRIMARY KEY (tenant, principal, label)
  ) STRICT, WITHOUT ROWID;
`

/** Reads and writes them; what a principal did not use for `idleMs` is forgotten, as its sessions are. */
export function principalLabelsIn(db: DatabaseSync, { now, idleMs }: Times): PrincipalLabels {
  const cache = new Map<string, readonly string[]>()
  const whose = 'tenant = ? AND principal = ?'
  const list = db.prepare(`SELECT label FROM principal_label WHERE ${whose} AND used > ? ORDER BY label`)
  const add = db.prepare(`INSERT INTO principal_label (tenant, principal, label, used)
    SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM principal_label WHERE ${whose}) < ${principalLabelsMax}
    ON CONFLICT DO NOTHING`)
  // Whatever a principal does keeps all its labels; to write it down once an hour is close enough.
  const touch = db.prepare(`UPDATE principal_label SET used = ? WHERE ${whose} AND used < ?`)
  db.prepare('DELETE FROM principal_label WHERE used < ?').run(now() - idleMs)
  return {
    of(tenant, principal) {
      const key = `${tenant.length}:${tenant}${principal}`
      const known = cache.get(key)
      if (known !== undefined) return known
      const labels = list.all(tenant, principal, now() - idleMs).map(({ label }) => String(label))
      if (cache.size >= cacheMax) cache.clear()
      cache.set(key, labels)
      return labels
    },
    note({ tenant, principal, labels }, nowMs) {
      for (const label of labels) add.run(tenant, principal, label, nowMs, tenant, principal)
      touch.run(nowMs, tenant, principal, nowMs - touchMs)
      cache.delete(`${tenant.length}:${tenant}${principal}`)
    },
    forgetCache: () => cache.clear(),
  }
}

type Times = { readonly now: () => number; readonly idleMs: number }

const cacheMax = 1000
const touchMs = 3_600_000
