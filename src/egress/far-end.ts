import { connect, type Socket } from 'node:net'

/** The connection to the host that was dialled. What it says is read straight into one buffer, and written from there. */
export type FarEnd = {
  readonly socket: Socket
  /** Called once when it says something, or ends, before anybody listens; nothing that it said is lost. */
  onFirst(call: (() => void) | undefined): void
  /** From now on whatever it says goes there, no faster than it is taken; its end is the end there. */
  into(to: Socket): void
}

// Every read is a turn of the loop, and one of a mebibyte costs little more than one of 64 KiB. Most connections never
// fill the small buffer; those that do get a large one, as long as there are not too many.
const bufferBytes = { small: 64 * 1024, large: 1024 * 1024 } as const
const largeMost = 32
let large = 0

export function openFarEnd(host: string, port: number): FarEnd {
  const state: { to: Socket | undefined; first: (() => void) | undefined; held: Buffer | undefined } = {
    to: undefined,
    first: undefined,
    held: undefined,
  }
  let buffer = Buffer.allocUnsafeSlow(bufferBytes.small)
  let turn = 0
  const grow = (length: number): void => {
    if (length < buffer.length || buffer.length === bufferBytes.large || large >= largeMost) return
    large++
    socket.once('close', () => large--)
    buffer = Buffer.allocUnsafeSlow(bufferBytes.large)
  }
  // The buffer is read into again only when it was taken; until then the far end is not heard.
  const passOn = (bytes: Buffer, to: Socket): boolean => {
    const mine = ++turn
    to.write(bytes, () => {
      if (mine === turn && !to.destroyed) socket.resume()
    })
    return to.writableLength === 0
  }
  const callback = (length: number): boolean => {
    if (state.to !== undefined) {
      const bytes = buffer.subarray(0, length)
      grow(length)
      return passOn(bytes, state.to)
    }
    // Nobody listens yet: this much is kept, and the rest stays with the kernel.
    state.held = Buffer.from(buffer.subarray(0, length))
    state.first?.()
    return false
  }
  const options = { host, port, allowHalfOpen: true, autoSelectFamily: false, noDelay: true } as const
  const socket: Socket = connect({ ...options, onread: { buffer: () => buffer, callback } })
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
