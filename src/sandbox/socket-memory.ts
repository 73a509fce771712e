import { readFileSync } from 'node:fs'

/** Sockets of a network namespace are listed with their queues only from so many on: below, they hold little. */
const freeSockets = 64
/** What may wait in one socket, in each direction, where nobody has changed the kernel's usual size. */
const usualKiB = 208
const textMax = 4 * 1024 * 1024

/**
 * Memory that the kernel keeps for what waits in the sockets of a process's network namespace, at most: of TCP what waits, of all
 * others what may. It is nobody's memory, and sockets that are only on their way from one process to another hold some, too.
 */
export function socketKiB(pid: number): number {
  const counts = socketsOf(read(`/proc/${pid}/net/protocols`))
  const others = Math.max(0, counts.other - freeSockets) * bufferKiB()
  return others + (counts.tcp > freeSockets ? queuedKiB(pid) : 0)
}

/** How many sockets there are, from the table of protocols that the kernel prints. */
export function socketsOf(table: string): { readonly tcp: number; readonly other: number } {
  let [tcp, other] = [0, 0]
  for (const line of table.split('\n')) {
    const [protocol = '', , sockets] = line.split(/ +/u)
    const count = /^\d+$/u.test(sockets ?? '') ? Number(sockets) : 0
    if (/^TCP/u.test(protocol)) tcp += count
    else other += count
  }
  return { tcp, other }
}

/** Bytes that were sent and not yet read, twice: the kernel keeps them with their envelopes. */
export function queuedIn(table: string): number {
  let bytes = 0
  for (const [, sent = '0', received = '0'] of table.matchAll(/^ *\d+: \S+ \S+ \S\S ([0-9A-F]{8}):([0-9A-F]{8}) /gmu))
    bytes += Number.parseInt(sent, 16) + Number.parseInt(received, 16)
  return bytes * 2
}

function queuedKiB(pid: number): number {
  const tables = ['tcp', 'tcp6'].map(name => read(`/proc/${pid}/net/${name}`).slice(0, textMax))
  return Math.ceil(tables.reduce((sum, table) => sum + queuedIn(table), 0) / 1024)
}

let known: number | undefined
function bufferKiB(): number {
  known ??= Math.max(usualKiB, Math.ceil(Number(read('/proc/sys/net/core/wmem_default')) / 1024) || 0)
  return known
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
