import { closeSync, constants, fdatasync, fdatasyncSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { AuditError, auditError } from './audit-error.ts'

/** One file of a chain, open for appending. What was not written whole is taken back: a line is there or it is not. */
export class Segment {
  readonly path: string
  #fd: number
  #bytes = 0
  #isTorn = false
  #syncs = 0
  #isClosed = false

  constructor(path: string) {
    this.path = path
    try {
      this.#fd = openSync(path, flags, 0o600)
    } catch (cause) {
      throw auditError(cause, `creating ${path}`)
    }
  }

  get name(): string {
    return basename(this.path)
  }

  /** Bytes of whole lines. */
  get bytes(): number {
    return this.#bytes
  }

  /** Hands lines to the kernel: when it returns they outlive this process. */
  write(lines: string): void {
    if (this.#isTorn) this.cutTo(this.#bytes)
    try {
      const size = Buffer.byteLength(lines)
      const done = writeSync(this.#fd, lines)
      if (done < size) this.#writeRest(Buffer.from(lines).subarray(done))
      this.#bytes += size
    } catch (cause) {
      this.#isTorn = true
      this.#tryToCut()
      throw auditError(cause, `writing ${this.path}`)
    }
  }

  /** Resolves when what was written outlives the machine. */
  sync(): Promise<void> {
    // Its descriptor may name another file by now.
    if (this.#isClosed) return Promise.reject(new AuditError('AUDIT_CLOSED', `${this.path} is closed`))
    this.#syncs++
    return new Promise((resolve, reject) => {
      fdatasync(this.#fd, cause => {
        this.#syncs--
        if (this.#isClosed && this.#syncs === 0) closeSync(this.#fd)
        if (cause === null) resolve()
        else reject(auditError(cause, `syncing ${this.path}`))
      })
    })
  }

  syncNow(): void {
    try {
      fdatasyncSync(this.#fd)
    } catch (cause) {
      throw auditError(cause, `syncing ${this.path}`)
    }
  }

  /** Takes back everything behind an offset. */
  cutTo(bytes: number): void {
    try {
      ftruncateSync(this.#fd, bytes)
      this.#bytes = bytes
      this.#isTorn = false
    } catch (cause) {
      this.#isTorn = true
      throw auditError(cause, `repairing ${this.path}`)
    }
  }

  /** Whether somebody else removed, cut or lengthened the file since. */
  isTouched(): boolean {
    const { nlink, size } = fstatSync(this.#fd)
    return nlink === 0 || size !== this.#bytes
  }

  /** Closes the file, after a sync that is under way: its descriptor must not name another file by then. */
  close(): void {
    this.#isClosed = true
    if (this.#syncs === 0) closeSync(this.#fd)
  }

  #writeRest(rest: Buffer): void {
    for (let done = 0; done < rest.length; ) {
      const written = writeSync(this.#fd, rest, done)
      if (written === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' })
      done += written
    }
  }

  #tryToCut(): void {
    try {
      this.cutTo(this.#bytes)
    } catch {
      // Still torn: the next write cuts first, and fails as long as that fails.
    }
  }
}

// A file of that name must not exist, and a planted link must not be followed.
const flags =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
