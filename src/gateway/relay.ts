import type { ServerName } from '../core/brand.ts'
import { readReply } from '../wire/decode.ts'
import type { Frame } from '../wire/envelope.ts'
import type { ClientStream, HttpAnswer, HttpLink, Link } from '../wire/link.ts'
import type { Conversation } from './conversation.ts'
import type { Floor } from './hub.ts'
import { fromServer } from './inbound.ts'
import { judgeWhole } from './questions.ts'
import { refusalFrame } from './refusal.ts'
import { withOwnTasks } from './task.ts'
import type { Upstream } from './upstream.ts'

type Listening = { readonly conversation: Conversation; readonly stream: ClientStream; readonly server: ServerName }

/** A client's listening stream, joined to the one server's own: event ids and resumption stay the server's. */
export async function listenRelay(floor: Floor, { conversation, stream, server }: Listening): Promise<void> {
  const upstream = floor.pool.upstreamFor(conversation, server)
  const send = (frame: Frame) => stream.send(frame)
  const related = (frame: Frame) =>
    frame.envelope.kind === 'result' || frame.envelope.kind === 'error'
      ? lateAnswer(floor, { conversation, upstream, frame, send })
      : fromServer(floor.desk, { conversation, upstream, frame, send })
  const { signal, headers, relay, lastEventId } = stream
  const options = { signal, headers, relay, related, ...(lastEventId === undefined ? {} : { lastEventId }) }
  try {
    await stream.end(
      await upstream.use(async link => (isHttp(link) ? link.listen(options) : { status: 405, headers: {} })),
    )
  } catch {
    await stream.end({ status: 502, headers: {} })
  }
}

type Late = { conversation: Conversation; upstream: Upstream; frame: Frame; send(frame: Frame): Promise<void> }

/**
 * An answer whose stream broke off before, judged as what it answers. One that nobody waits for goes nowhere: else a server
 * could send its answers by this way, where nothing says that they are a stranger's text from a tool.
 */
async function lateAnswer(floor: Floor, { conversation, upstream, frame, send }: Late): Promise<void> {
  const { envelope } = frame
  if (envelope.kind !== 'result' && envelope.kind !== 'error') return
  const asked = envelope.id === null ? undefined : conversation.postponed.get(envelope.id)
  if (envelope.id === null || asked === undefined)
    return floor.oddity(upstream.server, { code: 'unknown-id', detail: 'an answer that nobody waits for', sample: '' })
  conversation.postponed.delete(envelope.id)
  const { body, method } = asked
  const reading = readReply(body, envelope, method)
  const matter = { server: upstream.server, era: conversation.era, work: conversation.work, ...reading, frame }
  const ruling = await judgeWhole(floor.desk, { ...matter, from: 'server' })
  const where = { conversation, upstream }
  if (ruling.kind === 'pass') return send(withOwnTasks(floor.desk, where, { method, frame: ruling.frame }))
  const refused = refusalFrame(ruling.refusal, { id: envelope.id, method, era: conversation.era })
  await send({ ...refused, ...(frame.event === undefined ? {} : { event: frame.event }) })
}

type Ending = {
  readonly conversation: Conversation
  readonly headers: Readonly<Record<string, string>>
  readonly server: ServerName
}

/** The end of a client's session, told to the server that opened it. */
export async function finishRelay(floor: Floor, { conversation, headers, server }: Ending): Promise<HttpAnswer> {
  const upstream = floor.pool.upstreamFor(conversation, server)
  try {
    return await upstream.use(async link => (isHttp(link) ? link.finish(headers) : { status: 200, headers: {} }))
  } catch {
    return { status: 502, headers: {} }
  }
}

function isHttp(link: Link): link is HttpLink {
  return 'listen' in link && 'finish' in link
}
