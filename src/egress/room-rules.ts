/**
 * How a dial inside a room keeps its port although one of a few listeners takes it, and no native code asks the kernel.
 * The low six bits choose the listener, the high ten the source address that the listener sees; the destination
 * address stays, and tells the name. Both maps are total: no port, the listeners' own included, gets around them.
 */
export const listenerCount = 64
export const firstListener = 20_000

/** Where the room answers names and notices datagrams; both are reached by translation only. */
export const inner = { namePort: 53, bellPort: 1053 } as const

// The server that a room's resolv.conf names; any other would be answered too.
const nameServer = '198.18.0.1'

const blocks = 65_536 / listenerCount

/** The port that was dialled, from what the accepting side sees; undefined for a connection that no rule has touched. */
export function dialledPort(localPort: number, remoteAddress: string): number | undefined {
  const low = localPort - firstListener
  const block = blockOf(remoteAddress.toLowerCase().replace(/^::ffff:/u, ''))
  if (block === undefined || low < 0 || low >= listenerCount || block >= blocks) return undefined
  return block * listenerCount + low
}

function blockOf(address: string): number | undefined {
  const [, high, low] = /^127\.(12[89]|13[01])\.(\d{1,3})\.1$/u.exec(address) ?? []
  if (high !== undefined) return (Number(high) - 128) * 256 + Number(low)
  const [, group] = /^fd53::1:([0-9a-f]{1,3})$/u.exec(address) ?? []
  return group === undefined ? undefined : Number.parseInt(group, 16)
}

const datagramsKept = 256
const datagramSeconds = 5

/** Bursts of new connections in a second that the kernel lets through to us; the rest is dropped unheard. */
const newPerSecond = 500

/** The table of a room, as `nft -f -` reads it. */
export function roomRules(): string {
  const index = Array.from({ length: blocks }, (_, block) => block)
  const low = Array.from({ length: listenerCount }, (_, i) => `${i} : ${firstListener + i}`)
  const four = index.map(block => `${block * listenerCount} : 127.${128 + (block >> 8)}.${block & 255}.1`)
  const six = index.map(block => `${block * listenerCount} : fd53::1:${block.toString(16)}`)
  const mask = `0x${(65_536 - listenerCount).toString(16)}`
  const seen = (type: string) =>
    `type ${type} . inet_service; size ${datagramsKept}; flags dynamic,timeout; timeout ${datagramSeconds}s;`
  return `table inet room {
  set seen4 { ${seen('ipv4_addr')} }
  set seen6 { ${seen('ipv6_addr')} }
  chain gate {
    type filter hook output priority -150; policy drop;
    ct state established,related accept
    meta l4proto { icmp, icmpv6 } accept
    udp dport 53 accept
    meta l4proto tcp limit rate ${newPerSecond}/second burst ${newPerSecond} packets accept
    meta l4proto udp ip daddr . udp dport @seen4 reject
    meta l4proto udp ip6 daddr . udp dport @seen6 reject
    meta nfproto ipv4 meta l4proto udp add @seen4 { ip daddr . udp dport } accept
    meta nfproto ipv6 meta l4proto udp add @seen6 { ip6 daddr . udp dport } accept
    meta l4proto udp reject
  }
  chain turn {
    type nat hook output priority -100; policy accept;
    meta nfproto ipv4 udp dport 53 dnat ip to 127.0.0.1:${inner.namePort}
    meta nfproto ipv6 udp dport 53 dnat ip6 to [::1]:${inner.namePort}
    meta nfproto ipv4 meta l4proto udp dnat ip to 127.0.0.1:${inner.bellPort}
    meta nfproto ipv6 meta l4proto udp dnat ip6 to [::1]:${inner.bellPort}
    meta l4proto tcp dnat to :tcp dport & ${listenerCount - 1} map { ${low.join(', ')} }
  }
  chain sign {
    type nat hook postrouting priority 100; policy accept;
    meta nfproto ipv4 meta l4proto tcp snat ip to ct original proto-dst & ${mask} map { ${four.join(', ')} }
    meta nfproto ipv6 meta l4proto tcp snat ip6 to ct original proto-dst & ${mask} map { ${six.join(', ')} }
  }
}
`
}

/** What `ip -batch -` is told in a room: every address on earth is its own. */
export const roomRoutes = `link set lo up
addr add ${nameServer}/32 dev lo
route add local 0.0.0.0/0 dev lo
route add local ::/0 dev lo
`

/** The text files of a server's own root that lead its questions to us. */
export const roomFiles: Readonly<Record<string, string>> = {
  '/etc/resolv.conf': `nameserver ${nameServer}\noptions timeout:5 attempts:1\n`,
  '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n',
}
