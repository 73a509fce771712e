import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditDetails, AuditEvent, AuditPort } from '../core/port.ts'
import { AuditError, auditError } from './audit-error.ts'
import type { Head } from './chain.ts'
import { type Beginning, newChain, startEvent } from './chain-start.ts'
import { ChainWriter, gatewayEvent, type Mark } from './chain-writer.ts'
import { prepareFolder } from './log-folder.ts'
import { leaveHead, recover } from './recover.ts'
import { fact } from './redact.ts'
import { carryOut, dropsIn, type Retention } from './retention.ts'
import { signerOf } from './sign.ts'
import { type TurnBatch, turnBatch } from './turn-batch.ts'

export type AuditLogOptions = {
  readonly folder: string
  /** relaxed: acknowledged records survive this process; durable: they survive the machine. */
  readonly mode?: 'relaxed' | 'durable'
  /** Signs checkpoints; `<folder>/signing-key.pem` unless named. Keeping it elsewhere makes forging harder. */
  readonly keyFile?: string
  readonly rotateBytes?: number
  readonly checkpointRecords?: number
  readonly checkpointMs?: number
  /** The longest that a relaxed record waits for the disk. */
  readonly syncMs?: number
  /** Records that may wait for the disk in durable mode. */
  readonly queueMax?: number
  /** How long and how much is kept; looked at a moment after the start, then every hour. */
  readonly retention?: Retention
  readonly retentionMs?: number
  readonly now?: () => number
  /** What the first record says of this process beside its chain. */
  readonly about?: AuditDetails
}

/** The defaults of the log; the configuration shows them. */
export const auditLogDefaults = {
  mode: 'relaxed',
  rotateBytes: 64 * 1024 * 1024,
  checkpointRecords: 1000,
  checkpointMs: 1000,
  syncMs: 50,
  queueMax: 65_536,
  retention: { keepDays: 90, keepBytes: 1024 * 1024 * 1024 },
  retentionMs: 5000,
} as const

/** Opens a chain of its own in the folder; finishes what killed processes left there. */
export function openAuditLog(options: AuditLogOptions): AuditLog {
  prepareFolder(options.folder)
  const settings = { ...auditLogDefaults, now: Date.now, about: {}, ...options }
  const nowMs = settings.now()
  const signer = signerOf(options.keyFile ?? join(options.folder, 'signing-key.pem'))
  const recovered = recover(options.folder, nowMs)
  const { chain, lock } = newChain(options.folder, nowMs)
  try {
    return new AuditLog(settings, { chain, lock, signer, recovered })
  } catch (cause) {
    lock.release()
    throw auditError(cause, `starting the audit log in ${options.folder}`)
  }
}

type Settings = Required<Omit<AuditLogOptions, 'keyFile'>>
type Waiting = { readonly event: AuditEvent; resolve(): void; reject(cause: AuditError): void }

/** The record of one process. Owns a file, a lock and two timers. */
export class AuditLog implements AuditPort {
  readonly #settings: Settings
  readonly #beginning: Beginning
  readonly #writer: ChainWriter
  readonly #queue: Waiting[] = []
  readonly #turn: TurnBatch<AuditEvent>
  #flushing: Promise<void> | undefined
  #syncTimer: NodeJS.Timeout | undefined
  #checkpointTimer: NodeJS.Timeout | undefined
  #retentionTimer: NodeJS.Timeout | undefined
  #isSyncLost = false
  #isClosed = false
  #failure: { readonly code: string; readonly sinceMs: number; refused: number } | undefined

  constructor(settings: Settings, beginning: Beginning) {
    this.#settings = settings
    this.#beginning = beginning
    const { folder, rotateBytes } = settings
    const { chain, signer } = beginning
    this.#writer = new ChainWriter({ folder, chain, signer, rotateBytes }, settings.now())
    this.#writer.write([startEvent(beginning, settings, settings.now())], settings.now())
    this.#turn = turnBatch(events => this.#writeRelaxed(events), turnMax)
    this.#retainLater(settings.retentionMs)
    this.#nameRecovered()
  }

  /** The last record written. */
  get head(): Head {
    return this.#writer.head
  }

  get publicKey(): string {
    return this.#beginning.signer.publicPem
  }

  /** Why nothing can be recorded at the moment; undefined while all is well. */
  get trouble(): string | undefined {
    return this.#failure?.code
  }

  /**
   * Returns when the record is with the kernel, throwing when it is not; or resolves then, where others of the same turn
   * share the write, and in durable mode when it is with the disk.
   */
  append(event: AuditEvent): void | Promise<void> {
    if (this.#isClosed) throw new AuditError('AUDIT_CLOSED', 'the audit log is closed')
    return this.#settings.mode === 'durable' ? this.#appendDurable(event) : this.#turn.add(event)
  }

  /** Writes what waits, signs, and leaves the end of the chain for the next process to name. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#turn.flush()
    this.#isClosed = true
    clearTimeout(this.#syncTimer)
    clearTimeout(this.#checkpointTimer)
    clearTimeout(this.#retentionTimer)
    while (this.#flushing !== undefined) await this.#flushing
    const { folder, now } = this.#settings
    const { chain, lock } = this.#beginning
    try {
      this.#write([gatewayEvent({ event: fact('stop') }, { nowMs: now() })])
      this.#writer.checkpoint(now())
      this.#writer.close()
      leaveHead(folder, this.#writer.head)
      rmSync(join(folder, `${chain}.lock`), { force: true })
    } finally {
      lock.release()
    }
  }

  #writeRelaxed(events: readonly AuditEvent[]): void {
    this.#write(events)
    this.#syncTimer ??= setTimeout(() => this.#syncSoon(), this.#settings.syncMs).unref()
    if (this.#writer.unsigned >= this.#settings.checkpointRecords) this.#checkpoint()
  }

  #appendDurable(event: AuditEvent): Promise<void> {
    if (this.#queue.length >= this.#settings.queueMax)
      throw new AuditError(
        'AUDIT_QUEUE_FULL',
        `${this.#queue.length} records wait for the disk of ${this.#settings.folder}`,
      )
    return new Promise((resolve, reject) => {
      this.#queue.push({ event, resolve, reject })
      this.#flushSoon()
    })
  }

  /** Whatever else is appended in this turn of the loop, or while the disk is busy, shares one sync. */
  #flushSoon(): void {
    this.#flushing ??= Promise.resolve()
      .then(() => this.#flush())
      .finally(() => {
        this.#flushing = undefined
        // Callers that were just answered may have appended again between the last look at the queue and here.
        if (this.#queue.length > 0) this.#flushSoon()
      })
  }

  async #flush(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, batchMax)
      const failure = await this.#writeDurably(batch)
      for (const waiting of batch) failure === undefined ? waiting.resolve() : waiting.reject(failure)
    }
  }

  async #writeDurably(batch: readonly Waiting[]): Promise<AuditError | undefined> {
    let mark: Mark | undefined
    try {
      mark = this.#writer.mark()
      this.#write(batch.map(({ event }) => event))
      if (this.#writer.unsigned >= this.#settings.checkpointRecords) this.#writer.checkpoint(this.#settings.now())
      await this.#writer.sync()
      return undefined
    } catch (cause) {
      return this.#takeBack(mark, auditError(cause, 'recording'))
    }
  }

  #takeBack(mark: Mark | undefined, error: AuditError): AuditError {
    try {
      if (mark !== undefined) this.#writer.backTo(mark)
    } catch {
      // The segment remembers that it is torn and repairs itself, or fails, before it takes another record.
    }
    this.#noteFailure(error, 0)
    return error
  }

  /** Writes records, with a note before them if some could not be written until now. */
  #write(events: readonly AuditEvent[]): void {
    const nowMs = this.#settings.now()
    try {
      if (this.#isSyncLost) this.#writer.abandon(nowMs)
      this.#isSyncLost = false
      this.#writer.write(this.#failure === undefined ? events : [this.#restoredEvent(nowMs), ...events], nowMs)
      this.#failure = undefined
      if (!this.#isClosed)
        this.#checkpointTimer ??= setTimeout(() => this.#checkpointSoon(), this.#settings.checkpointMs).unref()
    } catch (cause) {
      throw this.#noteFailure(auditError(cause, 'recording'), events.length)
    }
  }

  #noteFailure(error: AuditError, refused: number): AuditError {
    this.#failure ??= { code: error.code, sinceMs: this.#settings.now(), refused: 0 }
    this.#failure.refused += refused
    return error
  }

  #restoredEvent(nowMs: number): AuditEvent {
    const { code, sinceMs, refused } = this.#failure ?? { code: 'none', sinceMs: nowMs, refused: 0 }
    return gatewayEvent({ event: fact('restored'), code: fact(code), sinceMs, refused }, { nowMs, severity: 'high' })
  }

  #syncSoon(): void {
    this.#syncTimer = undefined
    this.#writer.sync().catch((cause: unknown) => {
      // Pages that failed to reach the disk may be dropped by the kernel: this file is not written to again.
      this.#isSyncLost = true
      this.#noteFailure(auditError(cause, 'syncing'), 0)
    })
  }

  #checkpointSoon(): void {
    this.#checkpointTimer = undefined
    // While a flush is under way the next one signs, so that a mark never splits a checkpoint from its records.
    if (this.#flushing === undefined) this.#checkpoint()
    else this.#checkpointTimer = setTimeout(() => this.#checkpointSoon(), this.#settings.checkpointMs).unref()
  }

  #checkpoint(): void {
    try {
      this.#writer.checkpoint(this.#settings.now())
      this.#syncTimer ??= setTimeout(() => this.#syncSoon(), this.#settings.syncMs).unref()
    } catch (cause) {
      this.#noteFailure(auditError(cause, 'signing'), 0)
    }
  }

  /** Once the first record is on disk the heads that it names need no file of their own. */
  #nameRecovered(): void {
    const { headFiles } = this.#beginning.recovered
    if (headFiles.length === 0) return
    this.#writer.sync().then(
      () => {
        for (const file of headFiles) rmSync(file, { force: true })
      },
      () => undefined,
    )
  }

  #retainLater(delayMs: number): void {
    this.#retentionTimer = setTimeout(() => {
      this.#retain().catch((cause: unknown) => this.#noteFailure(auditError(cause, 'dropping old files'), 0))
      this.#retainLater(retainEveryMs)
    }, delayMs).unref()
  }

  /** Says which files go, makes sure that this is on disk, and only then removes them. */
  async #retain(): Promise<void> {
    const nowMs = this.#settings.now()
    const drops = dropsIn(this.#settings.folder, this.#settings.retention, nowMs)
    if (drops.length === 0 || this.#flushing !== undefined) return
    this.#write(drops.map(({ details }) => gatewayEvent(details, { nowMs })))
    await this.#writer.sync()
    carryOut(drops)
  }
}

const batchMax = 4096
/** Records of one turn that share a write; a line can be long, and all of them are one string for a moment. */
const turnMax = 256
const retainEveryMs = 3_600_000
