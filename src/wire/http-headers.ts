import type { IncomingHttpHeaders } from 'node:http'
import type { Headers } from './header-mirror.ts'

/**
 * Request headers that may travel on: those of the protocol, and a few that say nothing about who asks. A server believes
 * headers of whoever holds its credentials, and here that is the gateway: a client's `X-Remote-User` would be its word.
 */
export function requestHeaders(headers: IncomingHttpHeaders | Headers): Headers {
  const kept: Record<string, string> = {}
  const named = namedByConnection(headers['connection'])
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string' || !(isOfProtocol(name) || harmless.has(name)) || named.includes(name)) continue
    kept[name] = value
  }
  return kept
}

const ofProtocol = new Set(['mcp-session-id', 'mcp-protocol-version', 'mcp-method', 'mcp-name'])

// By name: what stands under any other name no guard has read.
function isOfProtocol(name: string): boolean {
  return ofProtocol.has(name) || name.startsWith('mcp-param-')
}

const harmless = new Set([
  'user-agent',
  'accept-language',
  'cache-control',
  'last-event-id',
  'traceparent',
  'tracestate',
])

function namedByConnection(connection: string | string[] | undefined): readonly string[] {
  if (typeof connection !== 'string' || connection === 'keep-alive' || connection === 'close') return []
  return connection
    .toLowerCase()
    .split(',')
    .map(name => name.trim())
}

const answered = new Set([
  'mcp-session-id',
  'mcp-protocol-version',
  'cache-control',
  'retry-after',
  'allow',
  'x-accel-buffering',
  'traceparent',
])

/** Response headers that may travel on. A server's other headers could set cookies or open doors in a browser. */
export function answerHeaders(headers: IncomingHttpHeaders | Headers): Headers {
  const kept: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string' && answered.has(name)) kept[name] = value
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
