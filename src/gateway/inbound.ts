import { readNotification, readRequest } from '../wire/decode.ts'
import { type Envelope, type Frame, frameOf, type RequestId } from '../wire/envelope.ts'
import { type Conversation, type Flight, flightsMax } from './conversation.ts'
import type { Desk } from './judge.ts'
import { ownAffair } from './own-affair.ts'
import { judgeWhole } from './questions.ts'
import { refusalCodes } from './refusal.ts'
import type { Upstream } from './upstream.ts'
import type { Work } from './work.ts'

/** A message that a server sent of its own: progress, a log line, a changed list, a question to the client. */
export type Inbound = {
  readonly conversation: Conversation
  readonly upstream: Upstream
  readonly frame: Frame
  /** The request that it belongs to. */
  readonly flight?: Flight
  /** The piece of work that it belongs to, where that is known apart from a request in flight. */
  readonly work?: Work
  /** Where it goes when it belongs to no request; else to wherever the client listens. */
  send?(frame: Frame): Promise<void>
  readonly restore?: ((frame: Frame) => Frame) | undefined
}

/** Forgets a list that its server says has changed, before anything else: the next call must not be judged by the old one. */
export function noteChange({ catalog }: Desk, { conversation, upstream, frame: { envelope } }: Inbound): void {
  if (envelope.kind !== 'notification' || envelope.method !== 'notifications/tools/list_changed') return
  catalog.forget(upstream.server, conversation.principal)
}

/** Judges a server's message and hands it to the client, or tells the server that it was refused. */
export async function fromServer(desk: Desk, inbound: Inbound): Promise<void> {
  const { conversation, upstream, frame, flight } = inbound
  if (flight?.ended !== undefined) return
  const { envelope } = frame
  if (envelope.kind === 'result' || envelope.kind === 'error') return
  if (flight !== undefined && isProgress(envelope)) flight.progressMs = desk.now()
  noteChange(desk, inbound)
  const reading = envelope.kind === 'request' ? readRequest(envelope, 'server') : readNotification(envelope)
  const work = inbound.work ?? flight?.exchange.work ?? conversation.work
  const matter = { server: upstream.server, era: conversation.era, work, ...reading, frame }
  const ruled = judgeWhole(desk, { ...matter, from: 'server' })
  const ruling = ruled instanceof Promise ? await ruled : ruled
  if (ruling.kind === 'refuse') return decline(inbound, ruling.refusal.text)
  const own = ownAffair(inbound, inbound.restore?.(ruling.frame) ?? ruling.frame)
  if (own === undefined) return
  const shown = showable(inbound, own)
  if (shown === undefined) return decline(inbound, 'Too many questions wait for this client.')
  if (flight !== undefined) return flight.exchange.send(shown)
  await (inbound.send?.(shown) ?? conversation.outbox.push(shown))
}

function isProgress({ method }: Envelope & { method: string }): boolean {
  return method === 'notifications/progress'
}

/** Notes a server's question so that the answer finds its way back; two servers may use the same id. */
function showable({ conversation, upstream }: Inbound, frame: Frame): Frame | undefined {
  const { envelope } = frame
  if (envelope.kind !== 'request') return frame
  if (conversation.asked.size >= flightsMax) return undefined
  const id = conversation.asked.has(envelope.id) ? unusedId(conversation, upstream.server) : envelope.id
  conversation.asked.set(id, { upstream, originalId: envelope.id, method: envelope.method })
  return id === envelope.id
    ? frame
    : { ...frameOf({ ...envelope, id }), ...(frame.event ? { event: frame.event } : {}) }
}

function unusedId({ asked }: Conversation, server: string): RequestId {
  let n = asked.size
  while (asked.has(`${server}-${n}`)) n += 1
  return `${server}-${n}`
}

/** A question that may not pass is answered, so that the server does not wait for it; anything else is just not shown. */
async function decline({ frame, upstream }: Inbound, text: string): Promise<void> {
  if (frame.envelope.kind !== 'request') return
  const error = { code: refusalCodes.blocked, message: text }
  const answer = frameOf({ kind: 'error', id: frame.envelope.id, error })
  await upstream.use(link => link.notify(answer, upstream.sessionHeaders)).catch(() => {})
}
