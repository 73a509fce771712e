import { classifyAddress } from '../core/address.ts'
import type { ServerConfig } from './config.ts'

/** What to say of a server whose messages cross a network as plain text; undefined where they do not. */
export function plainHttpWarning({ connect, settings }: ServerConfig): string | undefined {
  if (connect.kind !== 'url' || settings.allowPrivate) return undefined
  const { protocol, hostname } = new URL(connect.url)
  if (protocol !== 'http:' || isNear(hostname)) return undefined
  const headers = [...connect.headers.keys()].slice(0, headersShown)
  const also = headers.length === 0 ? '' : `, and reads ${headers.join(', ')}`
  return `is plain http: whoever is on the way reads and changes what is said${also}; write https:// if the server has it`
}

const headersShown = 3

/** This machine, or an address of a network of one's own. */
function isNear(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/u, '$1').replace(/\.$/u, '')
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  const kind = classifyAddress(host)
  return kind === 'loopback' || kind === 'private' || kind === 'cgnat'
}
