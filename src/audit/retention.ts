import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditDetails } from '../core/port.ts'
import { decode } from './chain.ts'
import { type SegmentFile, segmentsIn } from './log-folder.ts'
import { lastLine } from './recover.ts'
import { fact } from './redact.ts'

export type Retention = { readonly keepDays: number; readonly keepBytes: number }

/** A file that is kept no longer, and the record that takes its place: written first, so that its absence is explained. */
export type Drop = { readonly paths: readonly string[]; readonly details: AuditDetails }

/**
 * What is too old or too much, oldest first. Files of chains that are being written, or that no later chain has named
 * yet, stay: what nobody remembers could be removed unnoticed.
 */
export function dropsIn(folder: string, { keepDays, keepBytes }: Retention, nowMs: number): Drop[] {
  const files = segmentsIn(folder).map(file => ({ file, ...sizeOf(file) }))
  let bytes = files.reduce((sum, { size }) => sum + size, 0)
  const drops: Drop[] = []
  for (const { file, size, changedMs } of files) {
    const isOld = changedMs < nowMs - keepDays * dayMs
    if (!isOld && bytes <= keepBytes) continue
    if (isInUse(folder, file) || drops.length >= dropsMax) continue
    const details = dropOf(file, isOld ? 'age' : 'size')
    if (details === undefined) continue
    bytes -= size
    drops.push({ paths: [file.path, `${file.path}.torn`], details })
  }
  return drops
}

/** Removes the files of drops whose records are on disk. */
export function carryOut(drops: readonly Drop[]): void {
  for (const { paths } of drops) for (const path of paths) rmSync(path, { force: true })
}

const dayMs = 86_400_000
const dropsMax = 256

function sizeOf({ path }: SegmentFile): { size: number; changedMs: number } {
  const stat = statSync(path, { throwIfNoEntry: false })
  return { size: stat?.size ?? 0, changedMs: stat?.mtimeMs ?? Number.POSITIVE_INFINITY }
}

function isInUse(folder: string, { chain }: SegmentFile): boolean {
  return existsSync(join(folder, `${chain}.lock`)) || existsSync(join(folder, `${chain}.head`))
}

function dropOf(file: SegmentFile, why: 'age' | 'size'): AuditDetails | undefined {
  const { line } = lastLine(file.path)
  const decoded = line === undefined ? undefined : decode(line)
  const end = decoded !== undefined && 'record' in decoded ? decoded.record : undefined
  // A file whose end cannot be read is evidence of something: it stays until a person removes it.
  if (end === undefined) return undefined
  const place = { chain: fact(file.chain), number: file.number, file: fact(file.name) }
  return { event: fact('dropped'), why: fact(why), ...place, to: end.sequence, fingerprint: fact(end.fingerprint) }
}
