import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'

/**
 * This process's own input and output for serving a client. Node writes to pipes synchronously through `process.stdout`:
 * a client that stops reading would stop the whole gateway, its other servers and timers included.
 */
export function openStdio(): { readonly input: Readable; readonly output: Writable } {
  return {
    input: isPipe(0) ? new Socket({ fd: 0, readable: true, writable: false }) : process.stdin,
    output: isPipe(1) ? new Socket({ fd: 1, readable: false, writable: true }) : process.stdout,
  }
}

function isPipe(fd: number): boolean {
  const kind = fstatSync(fd)
  return kind.isFIFO() || kind.isSocket()
}
