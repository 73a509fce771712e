import type { Socket } from 'node:net'
import type { Carried } from './channel.ts'
import { type FarEnd, openFarEnd } from './far-end.ts'
import { type Greeting, readGreeting } from './greeting.ts'

/** Who decides on one accepted dial. Each answer may take a while; nothing passes before it. */
export type Doorkeeper = {
  /** Where to connect to, the addresses already judged; none when the dial is refused. */
  dial(): Promise<{ readonly addresses: readonly string[]; readonly port: number }>
  /** Whether what the client says first may be sent. */
  greet(greeting: Greeting): Promise<boolean>
  carried(report: Carried): void
}

export type TunnelLimits = {
  readonly connectMs: number
  readonly greetingMs: number
  readonly idleMs: number
  /** How often bytes of a living tunnel are reported. */
  readonly reportMs: number
}

export const tunnelLimits: TunnelLimits = { connectMs: 10_000, greetingMs: 5000, idleMs: 600_000, reportMs: 1000 }

/** Carries one dial: asks, connects, holds back the client's first bytes until they are judged, then pipes both ways. */
export async function carryDial(
  client: Socket,
  keeper: Doorkeeper,
  limits: TunnelLimits = tunnelLimits,
): Promise<void> {
  client.on('error', () => undefined)
  const { addresses, port } = await keeper.dial()
  if (addresses.length === 0) return end(client, undefined, () => keeper.carried({ up: 0, down: 0, ended: 'refused' }))
  const far = await connectFirst(addresses, port, limits.connectMs)
  if (far === undefined || client.destroyed)
    return end(client, far?.socket, () =>
      keeper.carried({ up: 0, down: 0, ended: far === undefined ? 'unreachable' : 'closed' }),
    )
  const { greeting, held } = await firstWords(client, far, limits)
  if (!(await keeper.greet(greeting)))
    return end(client, far.socket, () => keeper.carried({ up: 0, down: 0, ended: 'refused' }))
  join(client, far, { held, keeper, limits })
}

/** A reset, not a polite end: the client learns at once that there is nobody. */
function end(client: Socket, server: Socket | undefined, report: () => void): void {
  server?.destroy()
  client.resetAndDestroy()
  report()
}

async function connectFirst(
  addresses: readonly string[],
  port: number,
  timeoutMs: number,
): Promise<FarEnd | undefined> {
  for (const address of addresses) {
    const far = openFarEnd(address, port)
    if (await isConnected(far.socket, timeoutMs)) return far
  }
  return undefined
}

function isConnected(socket: Socket, timeoutMs: number): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => socket.destroy(new Error('timeout')), timeoutMs)
    socket.on('error', () => {
      clearTimeout(timer)
      resolve(false)
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}

type FirstWords = { readonly greeting: Greeting; readonly held: readonly Buffer[] }

/**
 * What the client says first; where the server speaks first, or the client ends, that is the answer. Silence is none:
 * who waits before his first word is waited for, else he would be let through unheard.
 */
function firstWords(client: Socket, far: FarEnd, limits: TunnelLimits): Promise<FirstWords> {
  return new Promise(resolve => {
    const held: Buffer[] = []
    let bytes = 0
    let timer = setTimeout(() => settle({ kind: 'unreadable', why: 'it said nothing' }), limits.idleMs)
    const settle = (greeting: Greeting) => {
      clearTimeout(timer)
      client.off('data', onData).off('end', onEnd).off('close', onEnd).pause()
      far.onFirst(undefined)
      resolve({ greeting, held })
    }
    const onData = (chunk: Buffer) => {
      held.push(chunk)
      bytes += chunk.length
      const greeting = readGreeting(held.length === 1 ? chunk : Buffer.concat(held))
      if (greeting !== undefined) return settle(greeting)
      if (held.length > 1) return
      clearTimeout(timer)
      const late: Greeting = { kind: 'unreadable', why: 'its first message has no end' }
      timer = setTimeout(() => settle(late), limits.greetingMs)
    }
    const onEnd = () => settle(bytes === 0 ? { kind: 'other' } : { kind: 'unreadable', why: 'it ended in the middle' })
    // Half a greeting is not waived through because the server says something meanwhile.
    const onServer = () => {
      if (bytes === 0) settle({ kind: 'other' })
    }
    client.on('data', onData).once('end', onEnd).once('close', onEnd).resume()
    far.onFirst(onServer)
  })
}

type Joining = { readonly held: readonly Buffer[]; readonly keeper: Doorkeeper; readonly limits: TunnelLimits }

function join(client: Socket, far: FarEnd, { held, keeper, limits }: Joining): void {
  const server = far.socket
  const told = { up: 0, down: 0 }
  const report = (ended?: Carried['ended']) => {
    const up = server.bytesWritten - told.up
    const down = server.bytesRead - told.down
    if (up === 0 && down === 0 && ended === undefined) return
    told.up += up
    told.down += down
    keeper.carried(ended === undefined ? { up, down } : { up, down, ended })
  }
  const timer = setInterval(report, limits.reportMs)
  for (const socket of [client, server]) socket.setTimeout(limits.idleMs, () => socket.destroy(new Error('idle')))
  void Promise.all([closing(client, server), closing(server, client)]).then(broken => {
    clearInterval(timer)
    report(broken.includes(true) ? 'broken' : 'closed')
  })
  for (const chunk of held) server.write(chunk)
  client.pipe(server)
  far.into(client)
}

/** Resolves when the socket is gone, and takes the other along when it broke. */
function closing(socket: Socket, other: Socket): Promise<boolean> {
  return new Promise(resolve => {
    const gone = () => {
      const isBroken = socket.errored !== null || !socket.readableEnded
      if (isBroken) other.destroy()
      resolve(isBroken)
    }
    if (socket.closed) gone()
    else socket.once('close', gone)
  })
}
