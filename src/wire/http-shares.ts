import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Principal } from '../core/brand.ts'

export type ShareLimits = { readonly connectionsEach: number; readonly inFlightEach: number }

/** What each principal holds of an endpoint that all share: without a bound one of them could leave the others nothing. */
export type Shares = {
  /** Counts a request until its answer is over, and its connection until it closes; false where it would be one too many. */
  take(principal: Principal, response: ServerResponse, socket: Socket): boolean
}

type Held = { connections: number; inFlight: number }

/** Shares that nobody has taken anything of. */
export function newShares({ connectionsEach, inFlightEach }: ShareLimits): Shares {
  const held = new Map<Principal, Held>()
  // A connection counts for whoever came over it first: what stands in front may send others over it.
  const owners = new WeakMap<Socket, Principal>()

  const giveBack = (principal: Principal, what: keyof Held): void => {
    const own = held.get(principal)
    if (own === undefined) return
    own[what] -= 1
    if (own.connections === 0 && own.inFlight === 0) held.delete(principal)
  }
  return {
    take(principal, response, socket) {
      // What closed while it was being authenticated gives nothing back any more.
      if (socket.destroyed || response.destroyed) return true
      const own = held.get(principal) ?? { connections: 0, inFlight: 0 }
      const isNew = !owners.has(socket)
      if (own.inFlight >= inFlightEach || (isNew && own.connections >= connectionsEach)) return false
      held.set(principal, own)
      own.inFlight += 1
      response.once('close', () => giveBack(principal, 'inFlight'))
      if (!isNew) return true
      owners.set(socket, principal)
      own.connections += 1
      socket.once('close', () => giveBack(principal, 'connections'))
      return true
    },
  }
}
