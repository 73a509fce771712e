import { isObject, type Json } from '../core/json.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import type { Conversation, Flight } from './conversation.ts'
import type { Upstream } from './upstream.ts'

type Told = { readonly conversation: Conversation; readonly upstream: Upstream; readonly flight?: Flight }

/**
 * What a server tells about a request, as far as that request is its own: else one server could show progress on the call
 * of another, or take back a question that another asked. Undefined where it goes nowhere.
 */
export function ownAffair(told: Told, frame: Frame): Frame | undefined {
  const { envelope } = frame
  if (envelope.kind !== 'notification') return frame
  switch (envelope.method) {
    case 'notifications/progress':
      return isAboutAnother(told, envelope.params['progressToken']) ? undefined : frame
    case 'notifications/cancelled':
      return takenBack(told, frame)
    default:
      return frame
  }
}

/** A task's progress comes long after its call was answered, so that a token which nobody waits under may pass. */
function isAboutAnother({ conversation, upstream, flight }: Told, token: Json | undefined): boolean {
  if (token === undefined || (flight !== undefined && tokenOf(flight) === token)) return false
  const flights = [...conversation.flights.values()].filter(one => tokenOf(one) === token)
  return flights.length > 0 && flights.every(one => one.upstream !== upstream)
}

function tokenOf({ exchange: { frame } }: Flight): Json | undefined {
  const meta = frame.envelope.kind === 'request' ? frame.envelope.params['_meta'] : undefined
  return isObject(meta) ? meta['progressToken'] : undefined
}

/** The client knows the question under an id that may be another than the server's; it is answered no more. */
function takenBack({ conversation, upstream }: Told, frame: Frame): Frame | undefined {
  const { envelope } = frame
  if (envelope.kind !== 'notification') return undefined
  const { requestId } = envelope.params
  for (const [shown, asked] of conversation.asked) {
    if (asked.upstream !== upstream || asked.originalId !== requestId) continue
    conversation.asked.delete(shown)
    if (shown === requestId) return frame
    const event = frame.event === undefined ? {} : { event: frame.event }
    return { ...frameOf({ ...envelope, params: { ...envelope.params, requestId: shown } }), ...event }
  }
  return undefined
}
