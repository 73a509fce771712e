import type { IncomingHttpHeaders } from 'node:http'
import { accepts, mediaType } from './http-headers.ts'

/** Host names that a request may be addressed to, and origins that a browser's page may come from; lower case. */
export type Door = { readonly hosts: readonly string[]; readonly origins: readonly string[] }

/** A request that is refused before its body is read. */
export type Refusal = {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

export const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Host and Origin are looked at before anything else: a web page whose name was pointed at this machine (DNS rebinding)
 * sends its own name as Host, and a page that simply posts here sends its own Origin.
 */
export function judgeDoor(headers: IncomingHttpHeaders, door: Door): Refusal | undefined {
  if (!door.hosts.includes(hostName(headers.host)))
    return { status: 403, message: 'Host is not allowed: name it under gateway.hosts' }
  const { origin } = headers
  if (origin === undefined) return undefined
  return isAllowedOrigin(origin, door)
    ? undefined
    : { status: 403, message: 'Origin is not allowed: name it under gateway.origins' }
}

/** Node keeps the first of two Host headers without a word; what stands in front may have read the other. */
export function namesTwoHosts(rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count > 1
}

const hostForm = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::\d{1,5})?$/u

function hostName(host: string | undefined): string {
  return hostForm.exec((host ?? '').toLowerCase())?.[1] ?? ''
}

function isAllowedOrigin(origin: string, { hosts, origins }: Door): boolean {
  const asked = origin.toLowerCase()
  if (origins.includes(asked)) return true
  const scheme = /^https?:\/\//u.exec(asked)?.[0]
  if (scheme === undefined) return false
  const name = hostName(asked.slice(scheme.length))
  return name !== '' && hosts.includes(name) && loopbackHosts.includes(name)
}

/** Whether method and headers are ones that this transport has; the body is still unread. */
export function judgeRequest(method: string, headers: IncomingHttpHeaders): Refusal | undefined {
  switch (method) {
    case 'POST':
      return judgePost(headers)
    case 'GET':
      if (accepts(headers.accept, 'text/event-stream')) return undefined
      return { status: 406, message: 'Not acceptable: a client must accept text/event-stream' }
    case 'DELETE':
      return undefined
    default:
      return { status: 405, message: 'Method not allowed', headers: { allow: 'GET, POST, DELETE' } }
  }
}

function judgePost(headers: IncomingHttpHeaders): Refusal | undefined {
  if (mediaType(headers['content-type']) !== 'application/json' || !isUtf8(headers['content-type']))
    return { status: 415, message: 'Unsupported media type: Content-Type must be application/json in UTF-8' }
  const coding = headers['content-encoding']
  if (coding !== undefined && coding !== 'identity')
    return { status: 415, message: 'Unsupported content coding: send the body as it is' }
  // Who says nothing of it takes anything; small clients written by hand do not.
  const accept = headers.accept ?? '*/*'
  if (!accepts(accept, 'application/json') || !accepts(accept, 'text/event-stream'))
    return { status: 406, message: 'Not acceptable: a client must accept application/json and text/event-stream' }
  return undefined
}

function isUtf8(contentType: string | undefined): boolean {
  const charset = /;\s*charset="?([^\s";]{1,40})/iu.exec(contentType ?? '')?.[1]
  return charset === undefined || /^utf-?8$/iu.test(charset)
}
