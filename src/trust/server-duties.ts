import type { LockFile } from './lock-file.ts'

export type Duty = { readonly name: string; readonly what: 'unused' | 'review due' | 'no owner'; readonly days: number }

const unusedDays = 30

/** The servers that somebody should look at: not used for a month, or not reviewed for as long as agreed. */
export function dutiesOf(lock: LockFile, lastUsed: (name: string) => number | undefined, nowMs: number): Duty[] {
  return Object.entries(lock.servers).flatMap(([name, server]) => {
    const idle = daysSince(lastUsed(name) ?? Date.parse(server.addedAt), nowMs)
    const unseen = daysSince(Date.parse(server.reviewedAt), nowMs)
    const duties: Duty[] = []
    if (idle >= unusedDays) duties.push({ name, what: 'unused', days: idle })
    if (unseen >= server.reviewDays) duties.push({ name, what: 'review due', days: unseen })
    if (server.owner === '') duties.push({ name, what: 'no owner', days: 0 })
    return duties
  })
}

function daysSince(thenMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - thenMs) / dayMs))
}

const dayMs = 86_400_000
