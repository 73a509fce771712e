import { type AddressKind, classifyAddress } from '../core/address.ts'
import type { HostRule } from '../core/egress.ts'
import type { Greeting } from './greeting.ts'
import { isAddress, matchHost, plainHost } from './host-rule.ts'

/** Why a name or dial was refused: a word for programs and a sentence for people. */
export type Refusal = { readonly code: RefusalCode; readonly why: string }

export type RefusalCode =
  | 'not-a-host'
  | 'not-declared'
  | 'port-not-declared'
  | 'address-not-declared'
  | 'no-address'
  | 'address-refused'
  | 'own-address'
  | 'name-mismatch'
  | 'unreadable'
  | 'datagram'
  | 'unrecorded'
  | 'flood'

export type Target = { readonly host: string; readonly port: number }

export type TargetVerdict =
  | { readonly ok: true; readonly host: string; readonly rule: HostRule }
  | { readonly ok: false; readonly host: string; readonly refusal: Refusal }

/** Whether the rules name this target. Says nothing yet about where its name leads. */
export function judgeTarget({ host, port }: Target, rules: readonly HostRule[]): TargetVerdict {
  const plain = plainHost(host)
  if (plain === undefined) return refuse(host, 'not-a-host', 'it is neither a host name nor an address')
  const match = matchHost(rules, plain, port)
  if (match.kind === 'match') return { ok: true, host: plain, rule: match.rule }
  if (match.kind === 'other-port')
    return refuse(plain, 'port-not-declared', `${plain} is declared for port ${match.ports.join(', ')} only`)
  if (isAddress(plain))
    return refuse(
      plain,
      'address-not-declared',
      `it was dialled as an address (${classifyAddress(plain)}), not by name`,
    )
  return refuse(plain, 'not-declared', `add ${plain}:${port} to net.hosts if the server needs it`)
}

/** Whether any rule covers the name on some port; decides nothing but how a question for it is answered. */
export function isNameDeclared(name: string, rules: readonly HostRule[]): boolean {
  return matchHost(rules, name, 0).kind !== 'none'
}

export type AddressScope = {
  /** The rule itself is this address, or a person said where this name may lead; `lan`: not to this machine itself. */
  readonly mayBePrivate: boolean | 'lan'
  /** Addresses of this machine's own interfaces. */
  readonly own: readonly string[]
}

const addressesMax = 16

// Where a cloud keeps credentials is never a service that a server needs, whatever was declared.
const never: readonly AddressKind[] = ['metadata', 'invalid', 'multicast', 'broadcast', 'unspecified']

/** Every address that a name leads to must be fit to dial: which one is used would be up to timing. */
export function judgeAddresses(addresses: readonly string[], { mayBePrivate, own }: AddressScope): Refusal | undefined {
  if (addresses.length === 0) return { code: 'no-address', why: 'the name has no address' }
  if (addresses.length > addressesMax)
    return { code: 'no-address', why: `the name has more than ${addressesMax} addresses` }
  const mine = new Set(own.map(address => plainHost(address.split('%')[0] ?? '')))
  for (const address of addresses) {
    const kind = classifyAddress(address)
    if (never.includes(kind)) return { code: 'address-refused', why: `it leads to ${address}, a ${kind} address` }
    if (mayBePrivate === true) continue
    const isNear = mayBePrivate === 'lan' && (kind === 'private' || kind === 'cgnat')
    if (kind !== 'public' && !isNear)
      return { code: 'address-refused', why: `it leads to ${address}, a ${kind} address` }
    if (mine.has(plainHost(address)))
      return { code: 'own-address', why: `it leads to ${address}, which is this machine` }
  }
  return undefined
}

/** Whether what the client says first goes with the name it dialled. A dial of an address has no name to go with. */
export function judgeGreeting(target: Target, greeting: Greeting, rules: readonly HostRule[]): Refusal | undefined {
  switch (greeting.kind) {
    case 'tls':
      return greeting.name === undefined ? undefined : sameName(target, greeting.name, 'TLS server name')
    case 'http':
      return sameName(target, greeting.host, 'Host header') ?? samePort(target, greeting.port)
    case 'connect': {
      // The host may be a proxy: what is asked of it is one more dial.
      const inner = judgeTarget(greeting, rules)
      return inner.ok ? undefined : { code: inner.refusal.code, why: `CONNECT to ${inner.host}: ${inner.refusal.why}` }
    }
    case 'unreadable':
      return { code: 'unreadable', why: greeting.why }
    case 'other':
      return undefined
    default:
      return greeting satisfies never
  }
}

function sameName({ host }: Target, said: string, what: string): Refusal | undefined {
  const plain = plainHost(said)
  if (plain === host) return undefined
  return { code: 'name-mismatch', why: `it dialled ${host}, but its ${what} says ${plain ?? '(not a host)'}` }
}

function samePort({ port }: Target, said: number | undefined): Refusal | undefined {
  if (said === undefined || said === port) return undefined
  return { code: 'name-mismatch', why: `it dialled port ${port}, but its Host header says ${said}` }
}

function refuse(host: string, code: RefusalCode, why: string): TargetVerdict {
  return { ok: false, host, refusal: { code, why } }
}
