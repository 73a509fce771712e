import { isObject, type Json } from '../core/json.ts'
import { type Envelope, type Frame, frameOf, type RequestId } from './envelope.ts'
import { type Splice, splice } from './splice.ts'

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
  remembered.set(ids, hasToken ? (meta['progressToken'] ?? null) : null)
  const token: Splice = { path: ['params', '_meta', 'progressToken'], put: ids.server }
  return changed(frame, [{ path: ['id'], put: ids.server }, ...(hasToken ? [token] : [])])
}

/** The client's own progress tokens, while their id pair is in use. */
const remembered = new WeakMap<IdPair, Json>()

/** A server's answer, or a message that belongs to the request, with the client's ids put back. */
export function remapReply(frame: Frame, ids: IdPair): Frame {
  return changed(frame, changesOf(frame.envelope, ids))
}

/** Both halves of a frame get the same changes; where the bytes cannot take them, they are written anew. */
function changed(frame: Frame, splices: readonly Splice[]): Frame {
  if (splices.length === 0) return frame
  const envelope = splices.reduce(withSplice, frame.envelope)
  const bytes = splice(frame.bytes, splices)
  return bytes === undefined ? { ...frame, ...frameOf(envelope) } : { ...frame, bytes, envelope }
}

function withSplice(envelope: Envelope, { path, put }: Splice): Envelope {
  return setAt(envelope, path, put) as Envelope
}

function setAt(value: unknown, [key, ...rest]: readonly string[], put: Json): unknown {
  if (key === undefined) return put
  const holder = value as Readonly<Record<string, unknown>>
  return { ...holder, [key]: setAt(holder[key], rest, put) }
}

function changesOf(envelope: Envelope, ids: IdPair): Splice[] {
  switch (envelope.kind) {
    case 'result':
      return [{ path: ['id'], put: ids.client }, ...subscription('result', envelope.result, ids)]
    case 'error':
      return [{ path: ['id'], put: ids.client }]
    case 'notification':
      return [...tokens(envelope, ids), ...subscription('params', envelope.params, ids)]
    case 'request':
      return []
    default:
      return envelope satisfies never
  }
}

function tokens({ method, params }: Extract<Envelope, { kind: 'notification' }>, ids: IdPair): Splice[] {
  if (method === 'notifications/progress' && params['progressToken'] === ids.server)
    return [{ path: ['params', 'progressToken'], put: remembered.get(ids) ?? ids.client }]
  if (method === 'notifications/cancelled' && params['requestId'] === ids.server)
    return [{ path: ['params', 'requestId'], put: ids.client }]
  return []
}

/** `subscriptionId` is the id of the request that subscribed, so it changes with it. */
function subscription(member: 'params' | 'result', holder: Json, ids: IdPair): Splice[] {
  const meta = isObject(holder) ? holder['_meta'] : undefined
  if (!isObject(meta) || meta[subscriptionKey] !== ids.server) return []
  return [{ path: [member, '_meta', subscriptionKey], put: ids.client }]
}
