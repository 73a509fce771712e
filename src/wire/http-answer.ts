import { STATUS_CODES } from 'node:http'
import type { Dispatcher } from 'undici'
import { type Frame, frameOf, type RequestId } from './envelope.ts'
import type { Headers } from './header-mirror.ts'
import { readBody } from './http-body.ts'
import { discard, type Upstream } from './http-call.ts'
import { answerHeaders, mediaType } from './http-headers.ts'
import { type HttpHead, LinkError } from './link.ts'
import { readFrame } from './rpc.ts'

type Response = Dispatcher.ResponseData

export function headOf(response: Response): HttpHead {
  return { status: response.statusCode, headers: answerHeaders(response.headers as Headers) }
}

export function isStream(response: Response): boolean {
  return response.statusCode < 300 && mediaType(response.headers['content-type']) === 'text/event-stream'
}

/** Throws for answers that are nobody's but the gateway's to deal with: redirects, missing credentials, codings. */
export function checkAnswer(upstream: Upstream, response: Response): void {
  const fault = faultOf(upstream, response)
  if (fault === undefined) return
  discard(response)
  throw fault
}

function faultOf({ origin }: Upstream, { statusCode, headers }: Response): LinkError | undefined {
  if (statusCode >= 300 && statusCode < 400)
    return new LinkError(
      'protocol',
      `${origin} redirects (${statusCode}); put the final address into the configuration`,
    )
  if (statusCode === 401)
    return new LinkError('unauthorized', `${origin} wants credentials (401); set them under this server's headers`)
  const coding = headers['content-encoding']
  if (coding !== undefined && coding !== 'identity')
    return new LinkError('protocol', `${origin} compressed its answer although nobody asked for that`)
  return undefined
}

/**
 * The message in a plain answer: undefined when there is none, as with 202. An error status without a message becomes an
 * error of our own wording, because what the page says is a stranger's text.
 */
export async function readAnswer(
  upstream: Upstream,
  response: Response,
  id: RequestId | null,
): Promise<Frame | undefined> {
  const { origin, limits } = upstream
  const body = await readBody(response.body, limits.messageBytes)
  if (!body.ok) {
    response.body.on('error', () => {}).destroy()
    if (body.why === 'broken') throw new LinkError('closed', `${origin} broke off in its answer`, body.cause)
    throw new LinkError('too-long', `${origin} answered with more than ${limits.messageBytes} bytes`)
  }
  const isError = response.statusCode >= 400
  const type = mediaType(response.headers['content-type'])
  if (type === 'application/json' && body.bytes.length > 0) {
    const read = readFrame(body.bytes, { bytesMax: limits.messageBytes, depthMax: limits.depth })
    if (read.ok) return read.frame
    if (!isError) throw unreadable(upstream, body.bytes, read)
  }
  if (isError) return plainError(response.statusCode, id)
  if (body.bytes.length === 0) return undefined
  throw new LinkError('protocol', `${origin} answered with ${typeShown(type)}: is this the URL of an MCP endpoint?`)
}

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
