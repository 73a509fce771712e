import { parseIPv4, parseIPv6 } from '../core/address.ts'
import type { HostRule } from '../core/egress.ts'

const nameCharsMax = 253

/** The one spelling of a host name or address that rules are compared with; undefined when it is neither. */
export function plainHost(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/u, '$1').toLowerCase()
  if (bare.length === 0 || bare.length > nameCharsMax + 1) return undefined
  if (parseIPv4(bare) !== undefined) return bare
  const six = parseIPv6(bare)
  if (six !== undefined) return spellIPv6(six)
  const name = bare.replace(/\.$/u, '')
  // A last label of digits only is an address in some spelling that two programs read differently (127.1, 0x7f.1).
  const isName = name.split('.').every(label => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/u.test(label))
  return isName && !/(?:^|\.)(?:\d+|0x[0-9a-f]*)$/u.test(name) ? name : undefined
}

/** Whether the text is an address and not a name. */
export function isAddress(host: string): boolean {
  return parseIPv4(host) !== undefined || parseIPv6(host) !== undefined
}

export type RuleMatch =
  | { readonly kind: 'match'; readonly rule: HostRule }
  | { readonly kind: 'other-port'; readonly ports: readonly number[] }
  | { readonly kind: 'none' }

/** Finds the rule for a target; says so when only the port is another one, because that is what a person must know. */
export function matchHost(rules: readonly HostRule[], host: string, port: number): RuleMatch {
  const named = rules.filter(rule => covers(rule.name, host))
  const rule = named.find(candidate => candidate.port === port)
  if (rule !== undefined) return { kind: 'match', rule }
  return named.length > 0 ? { kind: 'other-port', ports: named.map(({ port }) => port) } : { kind: 'none' }
}

/** `*.example.com` covers every name under it and not example.com itself; a star never covers an address. */
function covers(pattern: string, host: string): boolean {
  if (pattern.startsWith('*.'))
    return !isAddress(host) && host.endsWith(pattern.slice(1)) && host.length >= pattern.length
  const plain = plainHost(pattern)
  return plain === host || (plain === 'localhost' && (host === '127.0.0.1' || host === '::1'))
}

function spellIPv6(groups: readonly number[]): string {
  const isMapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  if (isMapped) return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.')
  const words = groups.map(group => group.toString(16))
  const run = longestZeros(groups)
  if (run.length < 2) return words.join(':')
  return `${words.slice(0, run.from).join(':')}::${words.slice(run.from + run.length).join(':')}`
}

function longestZeros(groups: readonly number[]): { from: number; length: number } {
  let best = { from: 0, length: 0 }
  for (let from = 0; from < groups.length; from++) {
    let length = 0
    while (groups[from + length] === 0) length++
    if (length > best.length) best = { from, length }
  }
  return best
}
