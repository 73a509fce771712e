import { connect, type Socket } from 'node:net'

/** The connection to the host that was dialled. What it says is read straight into one buffer, and written from there. */
export type FarEnd = {
  readonly socket: Socket
  /** Called once when it says something, or ends, before anybody listens; nothing that it said is lost. */
  onFirst(call: (() => void) | undefined): void
  /** From now on whatever it says goes there, no faster than it is taken; its end is the end there. */
  into(to: Socket): void
}

// One read of this size costs little more than one of the usual 64 KiB, and every read is a turn of the loop.
const bufferBytes = 256 * 1024

export function openFarEnd(host: string, port: number): FarEnd {
  const state: { to: Socket | undefined; first: (() => void) | undefined; held: Buffer | undefined } = {
    to: undefined,
    first: undefined,
    held: undefined,
  }
  const buffer = Buffer.allocUnsafeSlow(bufferBytes)
  let turn = 0
  // The buffer is read into again only when it was taken; until then the far end is not heard.
  const passOn = (bytes: Buffer, to: Socket): boolean => {
    const mine = ++turn
    to.write(bytes, () => {
      if (mine === turn && !to.destroyed) socket.resume()
    })
    return to.writableLength === 0
  }
  const callback = (length: number): boolean => {
    if (state.to !== undefined) return passOn(buffer.subarray(0, length), state.to)
    // Nobody listens yet: this much is kept, and the rest stays with the kernel.
    state.held = Buffer.from(buffer.subarray(0, length))
    state.first?.()
    return false
  }
  const options = { host, port, allowHalfOpen: true, autoSelectFamily: false, noDelay: true } as const
  const socket: Socket = connect({ ...options, onread: { buffer, callback } })
  const isOver = () => socket.readableEnded || socket.destroyed
  socket.once('end', () => state.first?.()).once('close', () => state.first?.())
  return {
    socket,
    onFirst(call) {
      state.first = call
      if (state.held !== undefined || isOver()) call?.()
    },
    into(to) {
      state.to = to
      if (state.held !== undefined) to.write(state.held)
      if (isOver()) to.end()
      else socket.once('end', () => to.end())
      socket.resume()
    },
  }
}
