import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { AuditDetails, AuditEvent } from '../core/port.ts'
import { holdLock, type Lock } from '../store/lock.ts'
import { AuditError } from './audit-error.ts'
import { gatewayEvent } from './chain-writer.ts'
import { chainName } from './log-folder.ts'
import type { Recovered } from './recover.ts'
import { fact } from './redact.ts'
import type { Signer } from './sign.ts'

/** What a chain begins with. */
export type Beginning = {
  readonly chain: string
  readonly lock: Lock
  readonly signer: Signer
  readonly recovered: Recovered
}

/** A name of its own and the lock that says that its process lives. */
export function newChain(folder: string, nowMs: number): { chain: string; lock: Lock } {
  // Another process that starts now may hold the new lock for a moment, to see whether its owner is alive.
  for (let attempt = 0; attempt < 5; attempt++) {
    const chain = chainName(nowMs, randomBytes(4).toString('hex'))
    const lock = holdLock(join(folder, `${chain}.lock`))
    if (lock !== undefined) return { chain, lock }
  }
  throw new AuditError('AUDIT_FOLDER', `no chain could be started in ${folder}: five in a row were held by others`)
}

/** The first record: who writes, with which key, and where the chains before it ended. */
export function startEvent(
  beginning: Beginning,
  said: { mode: string; about: AuditDetails },
  nowMs: number,
): AuditEvent {
  const { recovered, signer } = beginning
  const heads = recovered.heads.map(head => ({
    chain: fact(head.chain),
    sequence: head.sequence,
    fingerprint: fact(head.fingerprint),
  }))
  const torn = recovered.torn.map(({ file, bytes, sha256, kept }) => ({
    file: fact(file),
    bytes,
    sha256: fact(sha256),
    kept: fact(kept),
  }))
  const who = { mode: fact(said.mode), key: fact(signer.key), pid: process.pid, about: said.about }
  const details = { event: fact('start'), ...who, heads, torn }
  return gatewayEvent(details, { nowMs, severity: torn.length > 0 ? 'medium' : 'info' })
}
