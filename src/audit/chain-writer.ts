import { join } from 'node:path'
import { localTenant } from '../core/brand.ts'
import type { AuditDetails, AuditEvent } from '../core/port.ts'
import { encode, genesis, type Head } from './chain.ts'
import { segmentName } from './log-folder.ts'
import { fact } from './redact.ts'
import { Segment } from './segment.ts'
import type { Signer } from './sign.ts'

export type ChainSettings = {
  readonly folder: string
  readonly chain: string
  readonly signer: Signer
  /** A file that reached this size is followed by a new one. */
  readonly rotateBytes: number
}

/** A place to go back to when what was written behind it turned out not to be on disk. */
export type Mark = { readonly segment: Segment; readonly bytes: number; readonly head: Head; readonly unsigned: number }

/** Writes one chain: which record follows which, when a new file begins, and what is signed. Owns the open file. */
export class ChainWriter {
  readonly #settings: ChainSettings
  #segment: Segment
  #number = 1
  #day: number
  #head: Head
  #unsigned = 0

  constructor(settings: ChainSettings, nowMs: number) {
    this.#settings = settings
    this.#head = genesis(settings.chain)
    this.#day = dayOf(nowMs)
    this.#segment = new Segment(join(settings.folder, segmentName(settings.chain, 1)))
  }

  get head(): Head {
    return this.#head
  }

  /** Records since the last checkpoint. */
  get unsigned(): number {
    return this.#unsigned
  }

  /** Writes records in a row: all of them or none. */
  write(events: readonly AuditEvent[], nowMs: number): void {
    if (this.#segment.bytes >= this.#settings.rotateBytes || dayOf(nowMs) !== this.#day) this.rotate(nowMs)
    let head = this.#head
    let text = ''
    for (const event of events) {
      const next = encode(event, head)
      text += next.line
      head = next.head
    }
    this.#segment.write(text)
    this.#head = head
    this.#unsigned += events.length
  }

  /** Signs what the chain has come to, unless that is signed already. */
  checkpoint(nowMs: number): void {
    if (this.#unsigned === 0) return
    if (this.#segment.isTouched()) this.#noteTouched(nowMs)
    const { sequence, fingerprint } = this.#head
    const details = {
      event: fact('checkpoint'),
      sequence,
      fingerprint: fact(fingerprint),
      key: fact(this.#settings.signer.key),
      signature: fact(this.#settings.signer.sign(this.#head)),
    }
    this.write([gatewayEvent(details, { nowMs })], nowMs)
    this.#unsigned = 0
  }

  /** Goes on in a new file; the chain runs through. */
  rotate(nowMs: number): void {
    this.#segment.syncNow()
    this.#abandon(nowMs)
  }

  /** Goes on in a new file because the old one can no longer be trusted to keep what it is given. */
  abandon(nowMs: number): void {
    this.#abandon(nowMs)
    this.#segment.syncNow()
  }

  sync(): Promise<void> {
    return this.#segment.sync()
  }

  mark(): Mark {
    return { segment: this.#segment, bytes: this.#segment.bytes, head: this.#head, unsigned: this.#unsigned }
  }

  /** Takes back what was written after the mark. */
  backTo(mark: Mark): void {
    if (mark.segment !== this.#segment) return
    this.#head = mark.head
    this.#unsigned = mark.unsigned
    this.#segment.cutTo(mark.bytes)
  }

  close(): void {
    this.#segment.syncNow()
    this.#segment.close()
  }

  #abandon(nowMs: number): void {
    const next = new Segment(join(this.#settings.folder, segmentName(this.#settings.chain, this.#number + 1)))
    this.#segment.close()
    this.#segment = next
    this.#number++
    this.#day = dayOf(nowMs)
  }

  #noteTouched(nowMs: number): void {
    const details = { event: fact('touched'), file: fact(this.#segment.name), bytes: this.#segment.bytes }
    this.#abandon(nowMs)
    this.write([gatewayEvent(details, { nowMs, severity: 'critical' })], nowMs)
  }
}

type When = { readonly nowMs: number; readonly severity?: AuditEvent['severity'] }

/** A record about the gateway itself. */
export function gatewayEvent(details: AuditDetails, { nowMs, severity = 'info' }: When): AuditEvent {
  return { kind: 'gateway', atMs: nowMs, tenant: localTenant, severity, details }
}

const dayMs = 86_400_000

function dayOf(nowMs: number): number {
  return Math.floor(nowMs / dayMs)
}
