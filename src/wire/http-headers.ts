import type { IncomingHttpHeaders } from 'node:http'
import type { Headers } from './header-mirror.ts'

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
])

// Said anew by whoever sends, or about the client's own way here: none of the server's business.
const ownEnds = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'accept',
  'accept-encoding',
  'expect',
  'origin',
  'referer',
  'forwarded',
  'via',
])

const secretWords = /auth|cookie|token|secret|passw|credential|api-?key|session-key|signature/u

/** Request headers that may travel on: everything but hop-by-hop, both ends' own, and whatever might be a credential. */
export function requestHeaders(headers: IncomingHttpHeaders | Headers): Headers {
  const kept: Record<string, string> = {}
  const named = namedByConnection(headers['connection'])
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string' || !mayTravel(name) || named.includes(name)) continue
    kept[name] = value
  }
  return kept
}

const standard = new Set(['user-agent', 'accept-language', 'cache-control', 'last-event-id', 'traceparent'])

// The same few names come with every request; the map is bounded because a client can make names up.
const remembered = new Map<string, boolean>()
const rememberedMax = 256

function mayTravel(name: string): boolean {
  const known = remembered.get(name)
  if (known !== undefined) return known
  const verdict = isHarmless(name)
  if (remembered.size < rememberedMax) remembered.set(name, verdict)
  return verdict
}

function isHarmless(name: string): boolean {
  if (standard.has(name) || name.startsWith('mcp-')) return true
  if (hopByHop.has(name) || ownEnds.has(name)) return false
  // What a browser or a proxy in front adds tells the server about the client's machine.
  if (name.startsWith('sec-') || name.startsWith('x-forwarded-') || name === 'x-real-ip') return false
  return !secretWords.test(name)
}

function namedByConnection(connection: string | string[] | undefined): readonly string[] {
  if (typeof connection !== 'string' || connection === 'keep-alive' || connection === 'close') return []
  return connection
    .toLowerCase()
    .split(',')
    .map(name => name.trim())
}

const answered = new Set(['cache-control', 'retry-after', 'allow', 'x-accel-buffering', 'traceparent'])

/** Response headers that may travel on. A server's other headers could set cookies or open doors in a browser. */
export function answerHeaders(headers: IncomingHttpHeaders | Headers): Headers {
  const kept: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string' && (name.startsWith('mcp-') || answered.has(name))) kept[name] = value
  }
  return kept
}

/** The media type without its parameters, in lower case. */
export function mediaType(header: string | string[] | undefined): string {
  if (typeof header !== 'string') return ''
  const end = header.indexOf(';')
  return (end === -1 ? header : header.slice(0, end)).trim().toLowerCase()
}

/** Whether an `Accept` header takes a media type; quality zero means no. */
export function accepts(header: string | undefined, type: string): boolean {
  const group = `${type.slice(0, type.indexOf('/'))}/*`
  return (header ?? '').split(',').some(part => {
    const name = mediaType(part)
    return (name === type || name === group || name === '*/*') && !/;\s*q=0(?:\.0{0,3})?\s*$/u.test(part)
  })
}
