import { type LookupAddress, lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { Dispatcher } from 'undici'
import { type AddressKind, classifyAddress } from '../core/address.ts'
import { LinkError } from './link.ts'
import { Agent, buildConnector } from './undici-parts.ts'

/** Where a connection may lead. */
export type DialPolicy = {
  /** Only when the configured URL itself names loopback; then nothing else is dialled. */
  readonly isLoopback: boolean
  /** Private and carrier-grade addresses: only when the configuration says so for this server. */
  readonly mayBePrivate: boolean
}

export type DialLimits = {
  readonly connectMs: number
  /** Open at one time; without it as many as there are calls. */
  readonly connections?: number
}

/** Looks a name up; an argument so that a test can answer for DNS. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>

/** What the configured URL allows. A name under `localhost` counts as loopback whatever DNS says, and must be it. */
export function dialPolicyFor(url: URL, mayBePrivate: boolean): DialPolicy {
  const host = bareHost(url.hostname)
  const isNamed = host === 'localhost' || host.endsWith('.localhost')
  return { isLoopback: isNamed || classifyAddress(host) === 'loopback', mayBePrivate }
}

/** Why an address must not be dialled; undefined when it may. */
export function judgeAddress(address: string, policy: DialPolicy): string | undefined {
  const kind = classifyAddress(address)
  if (mayDial(kind, policy)) return undefined
  if (policy.isLoopback) return `${address} (${kind}) is not loopback, which the configured URL names`
  const remedy =
    kind === 'private' || kind === 'cgnat' ? '; allow private addresses for this server if it is yours' : ''
  return `${address} is a ${kind} address${remedy}`
}

function mayDial(kind: AddressKind, policy: DialPolicy): boolean {
  if (policy.isLoopback) return kind === 'loopback'
  return kind === 'public' || (policy.mayBePrivate && (kind === 'private' || kind === 'cgnat'))
}

/**
 * A pool of connections that dials only what the policy allows. A name is resolved once, every address of the answer is
 * judged, and exactly the judged addresses are dialled: a second look-up could give another answer (DNS rebinding).
 */
export function safeAgent(policy: DialPolicy, limits: DialLimits, resolve: Resolve = resolveAll): Dispatcher {
  const connector = buildConnector({ timeout: limits.connectMs, lookup: judgedLookup(policy, resolve) })
  return new Agent({
    connections: limits.connections ?? null,
    pipelining: 1,
    maxHeaderSize: 32 * 1024,
    connect: (options, callback) => {
      // Node dials an address literal without asking for a look-up, so that one is judged here.
      const host = bareHost(options.hostname)
      const refusal = isIP(host) === 0 ? undefined : judgeAddress(host, policy)
      if (refusal === undefined) connector(options, callback)
      else callback(refused(host, refusal), null)
    },
  })
}

function bareHost(hostname: string): string {
  return hostname
    .replace(/^\[(.*)\]$/u, '$1')
    .replace(/\.$/u, '')
    .toLowerCase()
}

function resolveAll(name: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)))
  })
}

function judgedLookup(policy: DialPolicy, resolve: Resolve): LookupFunction {
  return (name, options, callback) => {
    resolve(name)
      .then(addresses => judged(name, addresses, policy))
      .then(
        addresses => {
          if (options.all === true) callback(null, addresses)
          else callback(null, addresses[0]!.address, addresses[0]!.family)
        },
        (error: NodeJS.ErrnoException) => callback(error, ''),
      )
  }
}

/** One bad address spoils the answer: which of them would be dialled is up to timing. */
function judged(name: string, addresses: readonly LookupAddress[], policy: DialPolicy): LookupAddress[] {
  if (addresses.length === 0) throw refused(name, 'it has no address')
  for (const { address } of addresses) {
    const refusal = judgeAddress(address, policy)
    if (refusal !== undefined) throw refused(name, refusal)
  }
  return [...addresses]
}

function refused(host: string, why: string): LinkError {
  return new LinkError('refused-address', `Refused to connect to ${host}: ${why}`)
}
