/** What a client says first on a connection, as far as it tells whom it means to talk to. */
export type Greeting =
  | { readonly kind: 'tls'; readonly name: string | undefined }
  | { readonly kind: 'http'; readonly host: string; readonly port: number | undefined }
  | { readonly kind: 'connect'; readonly host: string; readonly port: number }
  | { readonly kind: 'other' }
  | { readonly kind: 'unreadable'; readonly why: string }

/** Bytes within which a greeting must be complete: a hello with large key shares has about 2,000. */
export const greetingBytesMax = 16_384

/** Reads a greeting from the first bytes; undefined while more are needed. Never reads beyond what is there. */
export function readGreeting(bytes: Buffer): Greeting | undefined {
  if (bytes.length === 0) return undefined
  const found = bytes[0] === 0x16 ? readTls(bytes) : readHttp(bytes)
  if (found === undefined && bytes.length >= greetingBytesMax) return unreadable('its first message has no end')
  return found
}

function unreadable(why: string): Greeting {
  return { kind: 'unreadable', why }
}

/** Joins the handshake out of its records: a hello may be cut in many, to hide the name from a reader of the first. */
function readTls(bytes: Buffer): Greeting | undefined {
  const parts: Buffer[] = []
  let length = 0
  for (let at = 0; at + 5 <= bytes.length; ) {
    const size = bytes.readUInt16BE(at + 3)
    if (bytes[at] !== 0x16 || bytes[at + 1] !== 3 || size === 0) return unreadable('its TLS records are not a hello')
    const part = bytes.subarray(at + 5, at + 5 + size)
    parts.push(part)
    length += part.length
    at += 5 + size
    const hello = Buffer.concat(parts, length)
    if (hello[0] !== undefined && hello[0] !== 1) return unreadable('its TLS handshake does not begin with a hello')
    if (hello.length >= 4 && hello.length >= 4 + hello.readUIntBE(1, 3)) return readHello(hello.subarray(4))
  }
  return undefined
}

type Cursor = { readonly bytes: Buffer; at: number }

function readHello(bytes: Buffer): Greeting {
  const cursor: Cursor = { bytes, at: 34 } // version and random
  const isWhole = skip(cursor, 1) && skip(cursor, 2) && skip(cursor, 1)
  if (!isWhole) return unreadable('its TLS hello is cut short')
  if (cursor.at === bytes.length) return { kind: 'tls', name: undefined }
  const extensions = take(cursor, 2)
  if (extensions === undefined) return unreadable('its TLS hello is cut short')
  const inner: Cursor = { bytes: extensions, at: 0 }
  const names: (string | undefined)[] = []
  while (inner.at < extensions.length) {
    if (inner.at + 4 > extensions.length) return unreadable('its TLS extensions are cut short')
    const type = extensions.readUInt16BE(inner.at)
    inner.at += 2
    const body = take(inner, 2)
    if (body === undefined) return unreadable('its TLS extensions are cut short')
    if (type === 0) names.push(serverName(body))
  }
  if (names.length === 0) return { kind: 'tls', name: undefined }
  // Two names are read differently by two programs.
  const [name] = names
  return names.length > 1 || name === undefined
    ? unreadable('its TLS server name cannot be read')
    : { kind: 'tls', name }
}

function serverName(body: Buffer): string | undefined {
  const list = take({ bytes: body, at: 0 }, 2)
  if (list === undefined || list[0] !== 0) return undefined
  const cursor: Cursor = { bytes: list, at: 1 }
  const name = take(cursor, 2)
  return name === undefined || name.length === 0 || cursor.at !== list.length ? undefined : name.toString('latin1')
}

/** The bytes after a length of `width` bytes; undefined when they are not all there. */
function take(cursor: Cursor, width: 1 | 2): Buffer | undefined {
  const { bytes, at } = cursor
  if (at + width > bytes.length) return undefined
  const end = at + width + bytes.readUIntBE(at, width)
  if (end > bytes.length) return undefined
  cursor.at = end
  return bytes.subarray(at + width, end)
}

function skip(cursor: Cursor, width: 1 | 2): boolean {
  return take(cursor, width) !== undefined
}

const requestLine = /^([A-Z][A-Z-]{0,19}) (\S{1,8192}) HTTP\/1\.[01]$/u
const mayBecomeRequest = /^[A-Za-z][!-~]{0,19}(?:[ \t][ -~\t]*)?$/u

function readHttp(bytes: Buffer): Greeting | undefined {
  // Servers skip empty lines before a request; so does the reader, or they would hide it.
  const text = bytes.toString('latin1', 0, greetingBytesMax).replace(/^[\r\n]+/u, '')
  const line = text.indexOf('\n')
  if (line < 0) return text === '' || mayBecomeRequest.test(text.trimEnd()) ? undefined : { kind: 'other' }
  // Not every protocol that begins with a word is HTTP (NICK, EHLO, USER); whatever claims to be is read strictly.
  if (!/HTTP\//iu.test(text.slice(0, line))) return { kind: 'other' }
  const end = text.indexOf('\r\n\r\n')
  if (text.startsWith('PRI * HTTP/2')) return unreadable('plain HTTP/2 hides its host')
  if (end < 0) return undefined
  const [first = '', ...fields] = text.slice(0, end).split('\r\n')
  const [, method = '', target = ''] = requestLine.exec(first) ?? []
  if (method === '' || fields.some(field => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*$/u.test(field)))
    return unreadable('its HTTP head can be read in two ways')
  const hosts = fields.filter(field => /^host:/iu.test(field)).map(field => field.slice(5).trim())
  if (method === 'CONNECT') return connectOf(target)
  return hostOf(target, hosts)
}

function connectOf(target: string): Greeting {
  const named = authority(target)
  if (named?.port === undefined) return unreadable('its CONNECT names no host and port')
  return { kind: 'connect', host: named.host, port: named.port }
}

function hostOf(target: string, hosts: readonly string[]): Greeting {
  const [host] = hosts
  if (hosts.length !== 1 || host === undefined) return unreadable('it has no Host header, or more than one')
  const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/([^/?#]*)/u.exec(target)?.[1]
  if (absolute !== undefined && absolute.toLowerCase() !== host.toLowerCase())
    return unreadable('its request line and its Host header name different hosts')
  if (absolute === undefined && !/^[/*]/u.test(target)) return unreadable('its request line names no path')
  const named = authority(host)
  return named === undefined ? unreadable('its Host header is not a host') : { kind: 'http', ...named }
}

/** Host and port of `name`, `name:port` or `[address]:port`; nothing that holds a user name. */
function authority(text: string): { host: string; port: number | undefined } | undefined {
  const [, host, digits] = /^(\[[0-9A-Fa-f:.]{2,45}\]|[^:@/[\]\s]{1,254})(?::(\d{1,5}))?$/u.exec(text) ?? []
  if (host === undefined) return undefined
  return { host, port: digits === undefined ? undefined : Number(digits) }
}
