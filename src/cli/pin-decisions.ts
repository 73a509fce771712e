import { redactText } from '../audit/redact.ts'
import type { Pin } from '../trust/pin-record.ts'
import type { ItemHash } from '../trust/surface-hash.ts'
import { openApprovalLog } from './approval-log.ts'
import { say } from './say.ts'

/** The record of what a person decides on pins; each decision is on the chain before it counts. */
export type Decisions = {
  write(key: string, pin: Pin | undefined, hash: ItemHash): void
  close(): Promise<void>
}

export type Deciding = { readonly server: string; readonly how: 'accept' | 'reject' }

/** Undefined, and said, where nothing can be recorded. */
export async function openDecisions({ server, how }: Deciding): Promise<Decisions | undefined> {
  const log = await openApprovalLog('pins')
  if (typeof log === 'string') {
    const then = how === 'accept' ? ', so nothing is accepted' : '; it is rejected all the same'
    say(`this cannot be recorded (${log})${then}`)
    return undefined
  }
  return {
    write(key, pin, hash) {
      const standing = pin?.waiting?.hash === hash ? pin.waiting.standing : 'approved'
      const was = pin?.approved === undefined ? {} : { was: redactText(pin.approved.hash.slice(0, 12)) }
      const about = { item: redactText(key.slice(0, 300)), digest: redactText(hash.slice(0, 12)) }
      const details = { event: redactText(`pin ${how}ed`), ...about, standing: redactText(standing), ...was }
      log.write({ server, severity: how === 'accept' ? 'medium' : 'info', details })
    },
    close: () => log.close(),
  }
}
