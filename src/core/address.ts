/** What an address is for. Only `public` is somewhere on the internet; `invalid` is anything not spelt the one plain way. */
export type AddressKind =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'metadata'
  | 'cgnat'
  | 'multicast'
  | 'broadcast'
  | 'unspecified'
  | 'documentation'
  | 'benchmark'
  | 'reserved'
  | 'invalid'

/**
 * Classifies an IP literal. An IPv6 address that carries an IPv4 one counts as the carried one, because that is where a
 * translator or tunnel would deliver it. Octal, hexadecimal, short and zoned spellings are `invalid`: two programs
 * read them differently.
 */
export function classifyAddress(text: string): AddressKind {
  const four = parseIPv4(text)
  if (four !== undefined) return kindOfIPv4(four)
  const six = parseIPv6(text)
  return six === undefined ? 'invalid' : kindOfIPv6(six)
}

/** The 32 bits of a dotted quad; undefined for every other spelling. */
export function parseIPv4(text: string): number | undefined {
  const parts = text.split('.')
  if (text.length > 15 || parts.length !== 4) return undefined
  let bits = 0
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/u.test(part) || Number(part) > 255) return undefined
    bits = bits * 256 + Number(part)
  }
  return bits
}

/** The eight groups of an IPv6 address; undefined for every spelling that RFC 4291 does not have, zone ids included. */
export function parseIPv6(text: string): readonly number[] | undefined {
  if (text.length > 45 || !/^[0-9a-fA-F:.]+$/u.test(text)) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [left, right] = halves.map((half, index) => groupsOf(half, index === halves.length - 1))
  if (left === undefined) return undefined
  if (halves.length === 1) return left.length === 8 ? left : undefined
  if (right === undefined || left.length + right.length > 7) return undefined
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
}

function groupsOf(half: string, isLast: boolean): number[] | undefined {
  if (half === '') return []
  const words = half.split(':')
  const groups: number[] = []
  for (const [index, word] of words.entries()) {
    const four = isLast && index === words.length - 1 && word.includes('.') ? parseIPv4(word) : undefined
    if (four !== undefined) groups.push(Math.floor(four / 65536), four % 65536)
    else if (/^[0-9a-fA-F]{1,4}$/u.test(word)) groups.push(Number.parseInt(word, 16))
    else return undefined
  }
  return groups.length <= 8 ? groups : undefined
}

type Range4 = readonly [first: string, prefix: number, kind: AddressKind]

// Searched from the top: the narrower range comes before the one that holds it. Where clouds keep credentials comes first.
const ranges4: readonly Range4[] = [
  ['169.254.169.254', 32, 'metadata'], // AWS, Azure, Google, OpenStack, DigitalOcean, Oracle
  ['169.254.170.2', 32, 'metadata'], // AWS task credentials
  ['169.254.170.23', 32, 'metadata'], // AWS pod identity
  ['169.254.42.42', 32, 'metadata'], // Scaleway
  ['169.254.0.23', 32, 'metadata'], // Tencent
  ['100.100.100.200', 32, 'metadata'], // Alibaba
  ['168.63.129.16', 32, 'metadata'], // Azure host agent
  ['192.0.0.192', 32, 'metadata'], // Oracle
  ['255.255.255.255', 32, 'broadcast'],
  ['0.0.0.0', 32, 'unspecified'],
  ['0.0.0.0', 8, 'reserved'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'cgnat'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.0.0.0', 24, 'reserved'],
  ['192.88.99.0', 24, 'reserved'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'benchmark'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
]

const table4 = ranges4.map(([first, prefix, kind]) => ({ first: parseIPv4(first)!, size: 2 ** (32 - prefix), kind }))

function kindOfIPv4(bits: number): AddressKind {
  return table4.find(({ first, size }) => bits >= first && bits < first + size)?.kind ?? 'public'
}

type Range6 = readonly [first: string, prefix: number, kind: AddressKind]

const ranges6: readonly Range6[] = [
  ['fd00:ec2::254', 128, 'metadata'], // AWS
  ['fd00:ec2::23', 128, 'metadata'], // AWS pod identity
  ['fd20:ce::254', 128, 'metadata'], // Google
  ['fe80::a9fe:a9fe', 128, 'metadata'], // OpenStack
  ['fd00:c1::a9fe:a9fe', 128, 'metadata'], // Oracle
  ['fd00:42::42', 128, 'metadata'], // Scaleway
  ['::', 128, 'unspecified'],
  ['::1', 128, 'loopback'],
  ['64:ff9b:1::', 48, 'private'],
  ['fc00::', 7, 'private'],
  ['fec0::', 10, 'private'],
  ['fe80::', 10, 'link-local'],
  ['ff00::', 8, 'multicast'],
  ['2001:db8::', 32, 'documentation'],
  ['3fff::', 20, 'documentation'],
  ['2001:2::', 48, 'benchmark'],
  ['2001::', 23, 'reserved'],
  ['2002::', 16, 'reserved'],
  ['2000::', 3, 'public'],
]

const table6 = ranges6.map(([first, prefix, kind]) => ({ first: parseIPv6(first)!, prefix, kind }))

function kindOfIPv6(groups: readonly number[]): AddressKind {
  const plain = table6.find(({ first, prefix }) => isWithin(groups, first, prefix))?.kind ?? 'reserved'
  if (plain === 'metadata' || plain === 'unspecified' || plain === 'loopback') return plain
  // A tunnel address may carry two; the first that is not simply public decides, and a tunnel itself is never plain.
  const carried = carriedIPv4(groups).map(kindOfIPv4)
  const telling = carried.find(kind => kind !== 'public')
  if (telling !== undefined) return telling
  return carried.length > 0 && isTranslated(groups) ? 'public' : plain
}

const mapped = parseIPv6('::ffff:0:0')!
const translated = parseIPv6('::ffff:0:0:0')!
const nat64 = parseIPv6('64:ff9b::')!
const none = parseIPv6('::')!

function isTranslated(groups: readonly number[]): boolean {
  return isWithin(groups, mapped, 96) || isWithin(groups, nat64, 96)
}

function carriedIPv4(groups: readonly number[]): number[] {
  const at = (index: number): number => groups[index]! * 65536 + groups[index + 1]!
  if (isTranslated(groups) || isWithin(groups, translated, 96) || isWithin(groups, none, 96)) return [at(6)]
  if (groups[0] === 0x2002) return [at(1)]
  // Teredo: its server in the clear, the client's address with every bit flipped.
  if (groups[0] === 0x2001 && groups[1] === 0) return [at(2), 0xffffffff - at(6)]
  const isIsatap = (groups[4]! & ~0x0200) === 0 && groups[5] === 0x5efe
  return isIsatap ? [at(6)] : []
}

function isWithin(groups: readonly number[], first: readonly number[], prefix: number): boolean {
  for (let index = 0, left = prefix; left > 0; index++, left -= 16) {
    const mask = left >= 16 ? 0xffff : 0xffff ^ (0xffff >> left)
    if ((groups[index]! & mask) !== (first[index]! & mask)) return false
  }
  return true
}
