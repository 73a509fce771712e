/** What can go wrong with the record itself. As long as it lasts nothing may pass. */
export type AuditErrorCode =
  | 'AUDIT_NO_SPACE' // the disk, the quota or the file size limit is used up
  | 'AUDIT_IO' // reading or writing failed otherwise
  | 'AUDIT_FOLDER' // the folder cannot be used, or others may write into it
  | 'AUDIT_KEY' // the signing key cannot be used, or others may read it
  | 'AUDIT_QUEUE_FULL' // more records wait for the disk than may wait
  | 'AUDIT_CLOSED'

export class AuditError extends Error {
  readonly code: AuditErrorCode

  constructor(code: AuditErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'AuditError'
    this.code = code
  }
}

/** The same failure as an AuditError, naming the file. */
export function auditError(cause: unknown, what: string): AuditError {
  if (cause instanceof AuditError) return cause
  const code = errno(cause)
  if (full.has(code))
    return new AuditError(
      'AUDIT_NO_SPACE',
      `${what}: no space left (${code}); free some or move the audit folder`,
      cause,
    )
  const words = wayOut[code]
  return new AuditError(
    'AUDIT_IO',
    `${what}: ${words === undefined ? code : `${words[0]} (${code}); ${words[1]}`}`,
    cause,
  )
}

const wayOut: Readonly<Record<string, readonly [string, string]>> = {
  EROFS: ['the disk is read-only', 'make it writable or move the audit folder'],
  EACCES: ['this user may not', 'change its rights or move the audit folder'],
  ENOTDIR: ['a file is in the way', 'name a folder, or make way for one'],
}

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

export function errno(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.name : typeof cause
}
