import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../store/make-folder.ts'
import { AuditError, auditError } from './audit-error.ts'

/** One file of a chain on disk. */
export type SegmentFile = {
  readonly chain: string
  readonly number: number
  readonly path: string
  readonly name: string
}

/** A chain's name: when its process started, and a random part. Sorts by time. */
export function chainName(nowMs: number, random: string): string {
  return `${new Date(nowMs).toISOString().replaceAll(/[-:.Z]/gu, '')}-${random}`
}

export function segmentName(chain: string, number: number): string {
  return `${chain}.${String(number).padStart(4, '0')}.jsonl`
}

/** Every segment in the folder, oldest chain first, in order within a chain. */
export function segmentsIn(folder: string): SegmentFile[] {
  const files = namesIn(folder).flatMap(name => {
    const match = segmentPattern.exec(name)
    return match === null ? [] : [{ chain: match[1] ?? '', number: Number(match[2]), path: join(folder, name), name }]
  })
  return files.sort((a, b) => (a.chain < b.chain ? -1 : Number(a.chain > b.chain)) || a.number - b.number)
}

/** Chains that left a file with this ending: `.lock` while one is written, `.head` once it ended. */
export function chainsWith(folder: string, ending: '.lock' | '.head'): string[] {
  return namesIn(folder)
    .filter(name => name.endsWith(ending) && chainPattern.test(name.slice(0, -ending.length)))
    .map(name => name.slice(0, -ending.length))
    .sort()
}

/** Makes the folder for this user only, and refuses one that others may write into. */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder)
  } catch (cause) {
    throw auditError(cause, `creating the audit folder ${folder} (audit.folder)`)
  }
  const { mode } = lstatSync(folder)
  if ((mode & 0o170000) !== 0o040000)
    throw new AuditError(
      'AUDIT_FOLDER',
      `the audit folder ${folder} is not a plain folder: name one that is not a link`,
    )
  if (process.platform !== 'win32' && (mode & 0o022) !== 0)
    throw new AuditError('AUDIT_FOLDER', `others may write into the audit folder ${folder}: chmod 700 it`)
}

const chainPattern = /^[0-9T]{18,20}-[a-z0-9]{4,32}$/u
const segmentPattern = /^([0-9T]{18,20}-[a-z0-9]{4,32})\.([0-9]{4,9})\.jsonl$/u

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    throw auditError(cause, `reading the audit folder ${folder}`)
  }
}
