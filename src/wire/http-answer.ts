import { STATUS_CODES } from 'node:http'
import { type Frame, frameOf, type RequestId } from './envelope.ts'
import type { Headers } from './header-mirror.ts'
import type { BodyRead } from './http-body.ts'
import type { Upstream } from './http-call.ts'
import type { Answer } from './http-dispatch.ts'
import { answerHeaders, mediaType } from './http-headers.ts'
import { type HttpHead, LinkError } from './link.ts'
import { readFrame } from './rpc.ts'

export function headOf({ statusCode, headers }: Answer): HttpHead {
  return { status: statusCode, headers: answerHeaders(headers as Headers) }
}

/**
 * The message in a plain answer: undefined when there is none, as with 202. An error status without a message becomes an
 * error of our own wording, because what the page says is a stranger's text.
 */
export function readAnswer(upstream: Upstream, answer: Answer, id: RequestId | null): Frame | undefined {
  const { origin, limits } = upstream
  const { whole: body = nothing } = answer
  if (!body.ok) {
    if (body.why === 'broken') throw new LinkError('closed', `${origin} broke off in its answer`, body.cause)
    throw new LinkError('too-long', `${origin} answered with more than ${limits.messageBytes} bytes`)
  }
  const isError = answer.statusCode >= 400
  const type = mediaType(answer.headers['content-type'])
  if (type === 'application/json' && body.bytes.length > 0) {
    const read = readFrame(body.bytes, { bytesMax: limits.messageBytes, depthMax: limits.depth })
    if (read.ok) return read.frame
    if (!isError) throw unreadable(upstream, body.bytes, read)
  }
  if (isError) return plainError(answer.statusCode, id)
  if (body.bytes.length === 0) return undefined
  throw new LinkError('protocol', `${origin} answered with ${typeShown(type)}: is this the URL of an MCP endpoint?`)
}

const nothing: BodyRead = { ok: true, bytes: new Uint8Array(0) }

const knownTypes = ['text/html', 'text/plain', 'text/event-stream', 'application/json', 'application/xml', 'text/xml']

// A model may read this, and a media type can hold a sentence.
function typeShown(type: string): string {
  if (type === '') return 'no media type'
  return knownTypes.includes(type) ? type : `a media type of ${type.length} characters`
}

type Unreadable = Extract<ReturnType<typeof readFrame>, { ok: false }>

export function unreadable({ origin, events }: Upstream, bytes: Uint8Array, { code, detail }: Unreadable): LinkError {
  events.oddity({ code, detail, sample: Buffer.from(bytes.subarray(0, 200)).toString('latin1') })
  return new LinkError('protocol', `${origin} sent a message that cannot be accepted: ${detail}`)
}

/** An error in our own words for a status that came without a message. */
export function plainError(status: number, id: RequestId | null): Frame {
  const message = `The server answered ${status} ${STATUS_CODES[status] ?? ''} without an MCP message`
  return frameOf({ kind: 'error', id, error: { code: -32603, message } })
}
