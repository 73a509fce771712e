import { isObject, type Json, type JsonObject } from '../core/json.ts'
import { type Envelope, type Frame, frameOf, type RequestId } from './envelope.ts'

/** One request's id on the client's side and on the server's, where several clients share a connection to a server. */
export type IdPair = { readonly client: RequestId; readonly server: RequestId }

const subscriptionKey = 'io.modelcontextprotocol/subscriptionId'

/**
 * A client's request with an id that is unique on the shared connection. Its progress token becomes that id too: a token
 * is the client's choice, and two clients may choose the same.
 */
export function remapRequest(frame: Frame, ids: IdPair): Frame {
  const { envelope } = frame
  if (envelope.kind !== 'request') return frame
  const meta = envelope.params['_meta']
  const hasToken = isObject(meta) && meta['progressToken'] !== undefined
  const params = hasToken ? { ...envelope.params, _meta: { ...meta, progressToken: ids.server } } : envelope.params
  const tokens = hasToken ? (meta['progressToken'] ?? null) : null
  remembered.set(ids, tokens)
  return frameOf({ ...envelope, id: ids.server, params })
}

/** The client's own progress tokens, while their id pair is in use. */
const remembered = new WeakMap<IdPair, Json>()

/** A server's answer, or a message that belongs to the request, with the client's ids put back. */
export function remapReply(frame: Frame, ids: IdPair): Frame {
  const changed = restored(frame.envelope, ids)
  if (changed === frame.envelope) return frame
  return { ...frameOf(changed), ...(frame.event === undefined ? {} : { event: frame.event }) }
}

function restored(envelope: Envelope, ids: IdPair): Envelope {
  switch (envelope.kind) {
    case 'result':
      return {
        ...envelope,
        id: ids.client,
        result: isObject(envelope.result) ? withMeta(envelope.result, ids) : envelope.result,
      }
    case 'error':
      return { ...envelope, id: ids.client }
    case 'notification':
      return restoredNotification(envelope, ids)
    case 'request':
      return envelope
    default:
      return envelope satisfies never
  }
}

function restoredNotification(envelope: Extract<Envelope, { kind: 'notification' }>, ids: IdPair): Envelope {
  const { method, params } = envelope
  if (method === 'notifications/progress' && params['progressToken'] === ids.server)
    return { ...envelope, params: { ...withMeta(params, ids), progressToken: remembered.get(ids) ?? ids.client } }
  if (method === 'notifications/cancelled' && params['requestId'] === ids.server)
    return { ...envelope, params: { ...params, requestId: ids.client } }
  return { ...envelope, params: withMeta(params, ids) }
}

/** `subscriptionId` is the id of the request that subscribed, so it changes with it. */
function withMeta(holder: JsonObject, ids: IdPair): JsonObject {
  const meta = holder['_meta']
  if (!isObject(meta) || meta[subscriptionKey] !== ids.server) return holder
  return { ...holder, _meta: { ...meta, [subscriptionKey]: ids.client } }
}
