import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { ServerName } from '../core/brand.ts'
import type { EgressPort, EgressRoom, NamespaceRoom } from '../core/egress.ts'
import { type Account, type AccountOptions, createAccount } from './account.ts'
import { createDesk, type DeskTools } from './desk.ts'
import { createLedger, type Tally } from './ledger.ts'
import { type LinkedRoom, PorterLink } from './porter-link.ts'
import { openProxyRoom } from './proxy-room.ts'
import { roomFiles } from './room-rules.ts'
import { EgressError, toolPath } from './tool.ts'

export type EgressOptions = Omit<AccountOptions, 'now'> & {
  readonly now?: () => number
  /** Rooms kept ready, so that a start does not wait for one. None until the first is asked for, when 0. */
  readonly ready?: number
  /** Whether a person said that this name, for this server, lies on a private network or on this machine. */
  readonly mayBePrivate?: (server: ServerName, name: string) => boolean
  /** Hosts that a server reached in earlier runs; they are not announced as new. */
  readonly isKnown?: (server: string, host: string) => boolean
  /** Bytes sent to one host from which on it is announced. */
  readonly volumeBytes?: number
  /** Answers for DNS; the machine's own resolver when left out. */
  readonly resolve?: (name: string) => Promise<readonly string[]>
  /** Namespaces on Linux, a proxy elsewhere. */
  readonly kind?: EgressRoom['kind']
}

export type Egress = EgressPort & {
  /** What a server did so far, by host. */
  tallies(server: ServerName): ReadonlyMap<string, Tally>
  /** Resolves when the wished rooms are ready, or rejects with the reason why there can be none. */
  warm(): Promise<void>
  close(): Promise<void>
}

const volumeBytesStandard = 16 * 1024 * 1024
const refillMs = 300

/** Opens the network of sandboxed servers: rooms in which every name and every dial is judged and recorded. */
export function openEgress(options: EgressOptions): Egress {
  const now = options.now ?? Date.now
  const account = createAccount({ ...options, now })
  const ledger = createLedger(options.isKnown)
  const tools: DeskTools = {
    account,
    ledger,
    now,
    resolve: options.resolve ?? resolveAll,
    ownAddresses,
    mayBePrivate: options.mayBePrivate ?? (() => false),
    volumeBytes: options.volumeBytes ?? volumeBytesStandard,
  }
  const kind = options.kind ?? (process.platform === 'linux' ? 'namespace' : 'proxy')
  const makers = kind === 'namespace' ? namespaceRooms(tools, options.ready ?? 0) : proxyRooms(tools)
  return { ...makers, tallies: server => ledger.of(server) }
}

type Makers = Omit<Egress, 'tallies'>

function namespaceRooms(tools: DeskTools, ready: number): Makers {
  const link = new PorterLink()
  const pool = new Set<Promise<LinkedRoom>>()
  const fill = () => {
    while (pool.size < ready) {
      const making = link.make()
      pool.add(making)
      const gone = () => void pool.delete(making)
      making.then(room => room.onLost(gone), gone)
    }
  }
  const take = async (): Promise<LinkedRoom> => {
    const [waiting] = pool
    if (waiting === undefined) return link.make()
    pool.delete(waiting)
    // The next room is made when the server that takes this one has had its start.
    setTimeout(fill, refillMs).unref()
    return waiting
  }
  fill()
  return {
    async open(server, hosts): Promise<NamespaceRoom> {
      const nsenter = toolPath('nsenter')
      const room = await take()
      room.seat(createDesk(server, hosts, tools))
      room.onLost(why => void announce(tools.account, server, `cut off: ${why}`))
      room.onStill(why => void announce(tools.account, server, why))
      const target = ['--target', String(room.pid)]
      const both = ['--user', '--net', '--preserve-credentials', '--']
      const close = async () => {
        room.onLost(() => undefined)
        room.close()
      }
      const enter = [nsenter, ...target, ...both] as const
      const enterAsRoot = [nsenter, ...target, '--net', '--'] as const
      return { kind: 'namespace', enter, enterAsRoot, files: roomFiles, close }
    },
    async warm() {
      fill()
      await Promise.all(pool)
    },
    close: () => link.close(),
  }
}

/** The server itself is not ended: nobody listens in its room any more, which is the safe end of a network. */
async function announce(account: Account, server: ServerName, why: string): Promise<void> {
  const refusal = { code: 'unrecorded', why } as const
  await account(server, { what: 'room', host: '*', refusal }).catch(() => undefined)
}

function proxyRooms(tools: DeskTools): Makers {
  const rooms = new Set<EgressRoom>()
  return {
    async open(server, hosts) {
      const room = await openProxyRoom(createDesk(server, hosts, tools))
      rooms.add(room)
      return room
    },
    async warm() {},
    async close() {
      await Promise.all([...rooms].map(room => room.close()))
      rooms.clear()
    },
  }
}

const resolveMs = 5000

async function resolveAll(name: string): Promise<readonly string[]> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new EgressError('room-failed', `no address of ${name} in time`)), resolveMs).unref()
  })
  const found = await Promise.race([lookup(name, { all: true }), late])
  return found.map(({ address }) => address)
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap(list => (list ?? []).map(({ address }) => address))
}
