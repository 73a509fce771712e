import { applyEdits } from '../core/edit.ts'
import type { Edit } from '../core/finding.ts'
import type { Json, JsonObject } from '../core/json.ts'

export type RequestId = string | number

/** One JSON-RPC 2.0 message after the strict parse. */
export type Envelope =
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'result'; readonly id: RequestId; readonly result: Json }
  | { readonly kind: 'error'; readonly id: RequestId | null; readonly error: RpcError }

export type RpcError = { readonly code: number; readonly message: string; readonly data?: Json }

/** A message with the bytes that carried it. While nothing is rewritten, those bytes are what travels on. */
export type Frame = {
  /** UTF-8 of exactly one JSON-RPC message on one line: no CR or LF anywhere, so that no framing can split it. */
  readonly bytes: Uint8Array
  readonly envelope: Envelope
  /** Event fields that came with it over SSE and must survive a relay. */
  readonly event?: { readonly id?: string; readonly retryMs?: number }
}

/** A frame of our own making, or one that was rewritten. */
export function frameOf(envelope: Envelope): Frame {
  return { bytes: Buffer.from(JSON.stringify(plain(envelope))), envelope }
}

/** The frame with edits applied; their pointers start at the JSON-RPC message: `/params/…`, `/result/…`. */
export function editedFrame(frame: Frame, edits: readonly Edit[]): Frame {
  const changed = applyEdits(frame.envelope as unknown as Json, edits) as unknown as Envelope
  return { ...frameOf(changed), ...(frame.event === undefined ? {} : { event: frame.event }) }
}

function plain(envelope: Envelope): JsonObject {
  switch (envelope.kind) {
    case 'request':
      return { jsonrpc: '2.0', id: envelope.id, method: envelope.method, params: envelope.params }
    case 'notification':
      return { jsonrpc: '2.0', method: envelope.method, params: envelope.params }
    case 'result':
      return { jsonrpc: '2.0', id: envelope.id, result: envelope.result }
    case 'error':
      return { jsonrpc: '2.0', id: envelope.id, error: envelope.error }
    default:
      return envelope satisfies never
  }
}
