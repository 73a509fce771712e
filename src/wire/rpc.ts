import { isObject, type JsonObject } from '../core/json.ts'
import { type Envelope, type Frame, frameOf, type RequestId, type RpcError } from './envelope.ts'
import { isExactInteger, type JsonFault, type JsonLimits, parseStrict } from './json.ts'
import { asOneLine } from './lines.ts'
import { misspelled } from './names.ts'
import { type Recovered, recover } from './recover.ts'

export type FrameFault = {
  readonly ok: false
  readonly code: JsonFault['code'] | 'not-rpc'
  readonly detail: string
  /** What could be made out of the head of the message, so that its sender gets an answer. */
  readonly from: Recovered
}

export type FrameRead = { readonly ok: true; readonly frame: Frame } | FrameFault

export const rpcCodes = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
} as const

/** Reads one JSON-RPC message of MCP, or says why it is none. Nothing is guessed, repaired or dropped. */
export function readFrame(bytes: Uint8Array, limits: JsonLimits): FrameRead {
  const parsed = parseStrict(bytes, limits)
  if (!parsed.ok) return { ok: false, code: parsed.code, detail: parsed.detail, from: recover(bytes) }
  const envelope = isObject(parsed.value) ? envelopeOf(parsed.value) : notAnObject(Array.isArray(parsed.value))
  if (typeof envelope === 'string') return { ok: false, code: 'not-rpc', detail: envelope, from: recover(bytes) }
  const double = misspelled(envelope)
  if (double !== undefined) return { ok: false, code: 'ambiguous', detail: double, from: recover(bytes) }
  return { ok: true, frame: { bytes: parsed.isOneLine ? bytes : asOneLine(bytes), envelope } }
}

/** A frame that answers a request with an error. */
export function errorReply(id: RequestId | null, error: RpcError): Frame {
  return frameOf({ kind: 'error', id, error })
}

/** The error for a message that could not be read; undefined when it was itself an answer, which gets none. */
export function faultReply(fault: FrameFault): Frame | undefined {
  if (fault.from.kind === 'response') return undefined
  const isReadable = fault.code === 'not-rpc' || fault.code === 'ambiguous' || fault.code === 'too-deep'
  const code = isReadable ? rpcCodes.invalidRequest : rpcCodes.parse
  return errorReply(fault.from.id, { code, message: `message refused (${fault.code}): ${fault.detail}` })
}

function notAnObject(isBatch: boolean): string {
  return isBatch ? 'batches are not accepted: send each message by itself' : 'a message is a JSON object'
}

const members = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error'])

function envelopeOf(value: JsonObject): Envelope | string {
  if (value['jsonrpc'] !== '2.0') return '"jsonrpc" must be "2.0"'
  for (const key in value) if (!members.has(key)) return 'a member beside jsonrpc, id, method, params, result and error'
  return value['method'] === undefined ? responseOf(value) : requestOf(value, value['method'])
}

function requestOf(value: JsonObject, method: unknown): Envelope | string {
  if (typeof method !== 'string' || method === '') return '"method" must be a string that is not empty'
  if ('result' in value || 'error' in value) return '"method" and an answer in one message'
  const { id, params = noParams } = value
  if (!isObject(params)) return '"params" must be an object'
  if (!('id' in value)) return { kind: 'notification', method, params }
  return isRequestId(id) ? { kind: 'request', id, method, params } : idRule
}

function responseOf(value: JsonObject): Envelope | string {
  const { id, result, error } = value
  if ('params' in value) return '"params" without "method"'
  if (result === undefined) return error === undefined ? 'neither method, nor result, nor error' : errorOf(id, error)
  if (error !== undefined) return '"result" and "error" in one message'
  if (!isRequestId(id)) return idRule
  return isObject(result) ? { kind: 'result', id, result } : '"result" must be an object'
}

function errorOf(id: unknown, error: unknown): Envelope | string {
  if (!isRequestId(id) && id !== null && id !== undefined) return idRule
  if (!isObject(error) || !isExactInteger(error['code']) || typeof error['message'] !== 'string')
    return '"error" must hold an integer "code" and a string "message"'
  return { kind: 'error', id: id ?? null, error: error as RpcError }
}

const noParams: JsonObject = Object.freeze({})
const idRule = '"id" must be a string or an integer up to 2^53 - 1'

function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || isExactInteger(id)
}
