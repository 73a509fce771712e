import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Plan } from './plan.ts'

/** A user of the machine that a server is started as, instead of root. */
export type OtherUser = { readonly uid: number; readonly gid: number }

// The range that systemd gives to services without a user of their own: no person and no package is in it.
const range = { from: 61_184, size: 4336 } as const

/** The user that a server gets when root starts it and none was named: the same at each start. */
export function userFor(server: string): OtherUser {
  const id = range.from + (createHash('sha256').update(server).digest().readUInt32BE(0) % range.size)
  return { uid: id, gid: id }
}

/** The first path of a plan that another user could not use as declared, with what is missing; undefined if all can be. */
export function closedTo(plan: Plan, user: OtherUser): string | undefined {
  const reads = [
    plan.program,
    ...plan.code,
    ...plan.read.map(({ from }) => from),
    ...(plan.children === 'any' ? [] : plan.children),
  ]
  for (const path of reads) if (!isOpen(path, user, 4)) return `${path} is not readable for other users`
  for (const { from } of plan.write) if (!isOpen(from, user, 6)) return `${from} is not writable for other users`
  return undefined
}

/** Whether every folder on the way can be entered and the end can be read or written, by mode alone. */
function isOpen(path: string, user: OtherUser, bits: number): boolean {
  for (let here = dirname(path); here !== '/'; here = dirname(here)) if (!hasBits(here, user, 1)) return false
  return hasBits(path, user, bits)
}

function hasBits(path: string, { uid, gid }: OtherUser, bits: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return false
  const shift = stats.uid === uid ? 6 : stats.gid === gid ? 3 : 0
  const wanted = bits | (stats.isDirectory() ? 1 : 0)
  return ((stats.mode >> shift) & wanted) === wanted
}
