import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { Era } from '../core/message.ts'
import type { Envelope } from './envelope.ts'
import { type Headers, metaKeys, mirroredParams, nameIn, paramText, versionIn } from './header-mirror.ts'
import { decodeHeader } from './header-value.ts'

/** Why a request's headers are refused, as HTTP status and JSON-RPC error. */
export type HeaderFault = {
  readonly status: number
  readonly code: number
  readonly message: string
  readonly data?: Json
}

export const legacyVersions: readonly string[] = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']
export const modernVersions: readonly string[] = ['2026-07-28']

const codes = { mismatch: -32020, version: -32022, params: -32602, request: -32600, legacy: -32000 } as const

/** The era that a message over HTTP belongs to: the body's own claim first, its method second, the header last. */
export function eraOverHttp(envelope: Envelope, headers: Headers): Era {
  if (envelope.kind === 'request' || envelope.kind === 'notification') {
    if (hasClaim(envelope.params)) return 'modern'
    if (envelope.method === 'initialize') return 'legacy'
  }
  return modernVersions.includes(headers['mcp-protocol-version'] ?? '') ? 'modern' : 'legacy'
}

function hasClaim(params: JsonObject): boolean {
  const meta = params['_meta']
  return isObject(meta) && Object.hasOwn(meta, metaKeys.version)
}

/**
 * Compares headers with the body that they describe. Decisions are taken on the body alone; a header that says something
 * else is refused, because whoever stands between may have decided on it.
 */
export function checkHeaders(envelope: Envelope, headers: Headers): HeaderFault | undefined {
  if (eraOverHttp(envelope, headers) === 'legacy') return checkLegacy(envelope, headers)
  switch (envelope.kind) {
    case 'request':
      return checkRequest(envelope, headers)
    case 'notification':
      return checkNotification(envelope, headers)
    case 'result':
    case 'error':
      return fault(codes.request, 'A response cannot be posted: in this protocol version servers send no requests.')
    default:
      return envelope satisfies never
  }
}

type Call = { readonly method: string; readonly params: JsonObject }

function checkLegacy(envelope: Envelope, headers: Headers): HeaderFault | undefined {
  const version = headers['mcp-protocol-version']
  if (version === undefined || legacyVersions.includes(version)) return undefined
  const isHandshake = envelope.kind === 'request' && envelope.method === 'initialize'
  if (isHandshake && modernVersions.includes(version))
    return mismatch('MCP-Protocol-Version', 'initialize does not exist in the version that the header names')
  const known = legacyVersions.join(', ')
  return isHandshake ? undefined : fault(codes.legacy, `Unsupported protocol version in header; supported: ${known}`)
}

function checkRequest({ method, params }: Call, headers: Headers): HeaderFault | undefined {
  return (
    checkMeta(params) ??
    checkVersion(params, headers) ??
    checkMethod(method, headers) ??
    checkSupported(params) ??
    checkPresence(headers) ??
    checkName({ method, params }, headers)
  )
}

function checkNotification({ method, params }: Call, headers: Headers): HeaderFault | undefined {
  if (hasClaim(params) && versionIn(params) === undefined) return missing([metaKeys.version])
  return checkVersion(params, headers) ?? checkMethod(method, headers)
}

function checkMeta(params: JsonObject): HeaderFault | undefined {
  const meta = params['_meta']
  if (!isObject(meta)) return missing(['_meta'])
  const lacking: string[] = []
  if (typeof meta[metaKeys.version] !== 'string') lacking.push(metaKeys.version)
  if (!isObject(meta[metaKeys.capabilities])) lacking.push(metaKeys.capabilities)
  return lacking.length > 0 ? missing(lacking) : undefined
}

function checkVersion(params: JsonObject, headers: Headers): HeaderFault | undefined {
  const [said, claimed] = [headers['mcp-protocol-version'], versionIn(params)]
  if (said === undefined || claimed === undefined || said === claimed) return undefined
  return mismatch('MCP-Protocol-Version', 'the body names another version')
}

function checkMethod(method: string, headers: Headers): HeaderFault | undefined {
  const said = headers['mcp-method']
  return said === undefined || said === method ? undefined : mismatch('Mcp-Method', 'the body names another method')
}

function checkSupported(params: JsonObject): HeaderFault | undefined {
  const requested = versionIn(params) ?? ''
  if (modernVersions.includes(requested)) return undefined
  const data = { supported: modernVersions, requested: requested.slice(0, 64) }
  return { ...fault(codes.version, `Unsupported protocol version; supported: ${modernVersions.join(', ')}`), data }
}

function checkPresence(headers: Headers): HeaderFault | undefined {
  if (headers['mcp-protocol-version'] === undefined) return mismatch('MCP-Protocol-Version', 'the header is missing')
  if (headers['mcp-method'] === undefined) return mismatch('Mcp-Method', 'the header is missing')
  return undefined
}

function checkName({ method, params }: Call, headers: Headers): HeaderFault | undefined {
  const name = nameIn(method, params)
  if (name === undefined) return undefined
  return compare('Mcp-Name', headers['mcp-name'], said => said === name)
}

/** Compares the `Mcp-Param-*` headers of a modern tools/call with its arguments, as the tool's schema asks. */
export function checkParamHeaders(
  envelope: Envelope,
  headers: Headers,
  schema: Json | undefined,
): HeaderFault | undefined {
  if (envelope.kind !== 'request' || envelope.method !== 'tools/call') return undefined
  for (const { path, header, isNumber } of mirroredParams(schema)) {
    const text = paramText(envelope.params, path)
    if (text === undefined) continue
    const found = compare(header, headers[header], said => said === text || (isNumber && isSameNumber(said, text)))
    if (found !== undefined) return found
  }
  return undefined
}

function isSameNumber(said: string, text: string): boolean {
  return /^-?\d{1,20}(?:\.\d{1,20})?$/u.test(said) && Number(said) === Number(text)
}

function compare(header: string, said: string | undefined, isSame: (said: string) => boolean): HeaderFault | undefined {
  if (said === undefined) return mismatch(header, 'the header is missing')
  const decoded = decodeHeader(said)
  if (decoded === undefined) return mismatch(header, 'the base64 form is not valid')
  return isSame(decoded) ? undefined : mismatch(header, 'the body carries another value')
}

function mismatch(header: string, why: string): HeaderFault {
  return { ...fault(codes.mismatch, `Header and body disagree: ${header}: ${why}`), data: { header } }
}

function missing(keys: readonly string[]): HeaderFault {
  return { ...fault(codes.params, `Missing or malformed in params: ${keys.join(', ')}`), data: { missing: keys } }
}

function fault(code: number, message: string): HeaderFault {
  return { status: 400, code, message }
}

/** The HTTP status that a JSON-RPC error travels under when the server that made it spoke no HTTP. */
export function statusOf(era: Era, envelope: Envelope): number {
  if (envelope.kind !== 'error' || era === 'legacy') return 200
  switch (envelope.error.code) {
    case -32601:
      return 404
    case -32700:
    case -32600:
    case -32020:
    case -32021:
    case -32022:
      return 400
    default:
      return 200
  }
}
