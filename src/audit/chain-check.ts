import { type AuditRecord, decode, genesis, type Head } from './chain.ts'
import type { SegmentFile } from './log-folder.ts'
import type { Line } from './read-lines.ts'
import type { Verifier } from './sign.ts'

export type Fault = {
  readonly file: string
  /** 0 when it is about the whole file. */
  readonly line: number
  readonly what:
    | 'unreadable'
    | 'edited'
    | 'removed'
    | 'reordered'
    | 'inserted'
    | 'torn'
    | 'truncated'
    | 'missing'
    | 'signature'
    | 'key'
    | 'unsigned'
  readonly text: string
}

export type ChainReport = {
  readonly chain: string
  readonly records: number
  readonly firstMs: number
  readonly lastMs: number
  readonly head: Head
  /** ended: stopped in order. open: being written now. unfinished: its process was killed, or the end is gone. */
  readonly state: 'ended' | 'open' | 'unfinished'
  /** The last record that a signature covers. */
  readonly signedThrough: number
  readonly faults: number
  readonly lastFile: string
  readonly lastLine: number
}

type Setting = { readonly verifier: Verifier | undefined; readonly isOpen: boolean; readonly faults: Fault[] }

/** Follows one chain line by line. After a fault it goes on from what it found, so that one fault is told once. */
export class ChainCheck {
  readonly #chain: string
  readonly #setting: Setting
  #file = ''
  #line = 0
  #head: Head
  #isFirst = true
  #records = 0
  #times = { firstMs: 0, lastMs: 0 }
  #signed = 0
  #unsigned = 0
  #unsignedSinceMs = 0
  #isStopped = false
  #ownFaults = 0

  constructor(chain: string, setting: Setting) {
    this.#chain = chain
    this.#setting = setting
    this.#head = genesis(chain)
  }

  /** The first file need not be the chain's first: older ones may have been dropped, which is looked into later. */
  beginFile({ name, number }: SegmentFile): void {
    this.#file = name
    if (number === 1) this.#isFirst = false
    this.#line = 0
  }

  line({ text, number, isWhole }: Line): AuditRecord | undefined {
    this.#line = number
    if (!isWhole) {
      if (!this.#setting.isOpen)
        this.#fault('torn', 'the last line is half a record: its process was killed while it wrote')
      return undefined
    }
    const decoded = decode(text)
    if ('wrong' in decoded) {
      this.#fault(
        decoded.wrong,
        `${decoded.wrong === 'edited' ? 'the record was changed' : 'the line'}: ${decoded.why}`,
      )
      this.#skipBroken()
      return undefined
    }
    this.#follow(decoded.record)
    return decoded.record
  }

  finish(lastFile: string): ChainReport {
    const { isOpen, verifier } = this.#setting
    const isLongUnsigned = this.#unsigned >= 10 && this.#times.lastMs - this.#unsignedSinceMs > unsignedMsMax
    if (verifier !== undefined && !isOpen && this.#unsigned > 0 && (this.#isStopped || isLongUnsigned))
      this.#fault('unsigned', `${this.#unsigned} records at the end are not covered by a signature: it was taken away`)
    const state = isOpen ? 'open' : this.#isStopped ? 'ended' : 'unfinished'
    const { firstMs, lastMs } = this.#times
    const place = { lastFile, lastLine: this.#line }
    const counts = { records: this.#records, signedThrough: this.#signed, faults: this.#ownFaults }
    return { chain: this.#chain, firstMs, lastMs, head: this.#head, state, ...counts, ...place }
  }

  #follow(record: AuditRecord): void {
    if (this.#isFirst) this.#head = { ...this.#head, sequence: record.sequence - 1, fingerprint: record.prev_event }
    this.#isFirst = false
    this.#compare(record)
    const isCheckpoint = record.kind === 'gateway' && record.details['event'] === 'checkpoint'
    if (isCheckpoint) this.#checkSignature(record)
    else this.#countUnsigned(record)
    this.#isStopped = isCheckpoint ? this.#isStopped : record.kind === 'gateway' && record.details['event'] === 'stop'
    this.#head = { chain: record.chain_uid, sequence: record.sequence, fingerprint: record.fingerprint }
    if (this.#records++ === 0) this.#times.firstMs = record.time
    this.#times.lastMs = record.time
  }

  #countUnsigned({ time }: AuditRecord): void {
    if (this.#unsigned++ === 0) this.#unsignedSinceMs = time
    if (this.#unsigned === unsignedMax + 1 && this.#setting.verifier !== undefined)
      this.#fault('unsigned', `${this.#unsigned} records in a row without a signed checkpoint`)
  }

  #compare({ chain_uid, sequence, prev_event }: AuditRecord): void {
    const expected = this.#head.sequence + 1
    if (chain_uid !== this.#chain) this.#fault('inserted', `the record belongs to another chain, ${chain_uid}`)
    else if (sequence > expected) this.#fault('removed', `records ${expected} to ${sequence - 1} are gone`)
    else if (sequence < expected)
      this.#fault('reordered', `record ${sequence} stands behind record ${expected - 1}: moved or repeated`)
    else if (prev_event !== this.#head.fingerprint && this.#head.fingerprint !== '')
      this.#fault('inserted', `record ${sequence} does not follow the one before it: one of the two was exchanged`)
  }

  #checkSignature({ details, sequence }: AuditRecord): void {
    const { verifier } = this.#setting
    const { key, signature } = details
    const covered = this.#head
    this.#unsigned = 0
    const isPlaced = details['sequence'] === covered.sequence && details['fingerprint'] === covered.fingerprint
    // What the head is was already complained about if it is not known.
    if (covered.fingerprint === '' || verifier === undefined) return
    if (typeof key !== 'string' || typeof signature !== 'string' || !isPlaced)
      this.#fault('signature', `the checkpoint in record ${sequence} does not sign the record before it`)
    else if (key !== verifier.key) this.#fault('key', `the checkpoint is signed with another key, ${key.slice(0, 32)}`)
    else if (!verifier.verify(covered, signature)) this.#fault('signature', 'the signature of the checkpoint is wrong')
    else this.#signed = covered.sequence
  }

  /** The broken line stands for one record whose fingerprint nobody knows. */
  #skipBroken(): void {
    this.#isFirst = false
    this.#head = { ...this.#head, sequence: this.#head.sequence + 1, fingerprint: '' }
  }

  #fault(what: Fault['what'], text: string): void {
    this.#ownFaults++
    if (this.#setting.faults.length < faultsMax)
      this.#setting.faults.push({ file: this.#file, line: this.#line, what, text })
  }
}

// A writer signs at the latest after 1,000 records by default and may be set to 10,000.
const unsignedMax = 10_000
// A writer signs within a second; a machine that slept in between is no fault.
const unsignedMsMax = 600_000
const faultsMax = 10_000
