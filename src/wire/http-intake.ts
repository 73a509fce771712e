import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Principal } from '../core/brand.ts'
import type { Era } from '../core/message.ts'
import { type Envelope, type Frame, frameOf, type RequestId } from './envelope.ts'
import { checkHeaders, checkParamHeaders, eraOverHttp, type HeaderFault } from './header-check.ts'
import type { Headers } from './header-mirror.ts'
import { readBody } from './http-body.ts'
import { type Door, judgeDoor, judgeRequest, namesTwoHosts, type Refusal } from './http-door.ts'
import type { HttpFaceLimits, HttpFaceOptions } from './http-face-options.ts'
import { requestHeaders } from './http-headers.ts'
import { HttpOutlet } from './http-outlet.ts'
import type { Shares } from './http-shares.ts'
import type { ClientStream, ConnectionId, Exchange } from './link.ts'
import { faultReply, readFrame } from './rpc.ts'

export type Intake = {
  readonly options: HttpFaceOptions
  readonly limits: HttpFaceLimits
  readonly door: Door
  readonly load: { inFlight: number; readonly shares: Shares }
  /** Requests of each session that wait for their answer, as many as are in flight at most. */
  readonly waiting: Map<ConnectionId, Set<HttpOutlet>>
}

type Arrival = {
  readonly intake: Intake
  readonly request: IncomingMessage
  readonly outlet: HttpOutlet
}

type Known = Arrival & { readonly principal: Principal; readonly headers: Headers; readonly connection: ConnectionId }

/** Takes one HTTP request through all checks, cheapest and most general first, to the callback that it is for. */
export function receive(intake: Intake, request: IncomingMessage, response: ServerResponse): void {
  const outlet = new HttpOutlet(response, intake.limits)
  const arrival = { intake, request, outlet }
  const unwelcome = judgeDoor(request.headers, intake.door)
  if (unwelcome !== undefined) {
    refuse(arrival, unwelcome)
  } else if (namesTwoHosts(request.rawHeaders)) {
    refuse(arrival, { status: 400, message: 'Two Host headers' })
  } else if (pathOf(request.url) !== intake.options.path) {
    if (intake.options.elsewhere === undefined) refuse(arrival, nothingHere(intake.options.path))
    else intake.options.elsewhere(request, response)
  } else if (intake.load.inFlight >= intake.limits.inFlight) {
    refuse(arrival, tooMany)
  } else {
    intake.load.inFlight++
    response.once('close', () => intake.load.inFlight--)
    admit(arrival, response).catch((cause: unknown) => failed(arrival, cause, null))
  }
}

const tooMany: Refusal = { status: 503, message: 'Too many requests at once', headers: { 'retry-after': '1' } }

/** Also what a client reads that looks for OAuth, or adds a slash: it shows this text to whoever set it up. */
function nothingHere(path: string): Refusal {
  const way = 'it takes the bearer token of the gateway in the header Authorization, and no OAuth'
  return { status: 404, message: `Nothing is served here: the MCP endpoint is ${path}; ${way}` }
}

function pathOf(url: string | undefined): string {
  const [path = ''] = (url ?? '').split('?', 1)
  return path
}

async function admit(arrival: Arrival, response: ServerResponse): Promise<void> {
  const { intake, request } = arrival
  const pending = intake.options.authenticate(request.headers)
  const who = pending instanceof Promise ? await pending : pending
  if (who === undefined) {
    const challenge = intake.options.challenge ?? 'Bearer realm="sallyport"'
    const message =
      'Unauthorized: send the bearer token that the gateway printed or wrote into the client configuration'
    return refuse(arrival, { status: 401, message, headers: { 'www-authenticate': challenge } })
  }
  if (!intake.load.shares.take(who.principal, response, request.socket)) return refuse(arrival, tooMany)
  const wrong = judgeRequest(request.method ?? '', request.headers)
  if (wrong !== undefined) return refuse(arrival, wrong)
  const headers = requestHeaders(request.headers)
  const session = headers['mcp-session-id']
  if (session !== undefined && !/^[!-~]{1,1024}$/u.test(session))
    return refuse(arrival, { status: 400, message: 'Mcp-Session-Id must be 1 to 1024 visible ASCII characters' })
  const connection = connectionOf(who.principal, session, request.socket)
  return dispatch({ ...arrival, principal: who.principal, headers, connection })
}

const sockets = new WeakMap<Socket, number>()
let socketCount = 0

/** Bound to the principal, so that naming another's session never leads into it. */
function connectionOf(principal: Principal, session: string | undefined, socket: Socket): ConnectionId {
  if (session !== undefined) return `http session ${session} of ${principal}`
  let count = sockets.get(socket)
  if (count === undefined) {
    count = ++socketCount
    sockets.set(socket, count)
  }
  return `http connection ${count} of ${principal}`
}

async function dispatch(known: Known): Promise<void> {
  switch (known.request.method) {
    case 'GET':
      return listen(known)
    case 'DELETE':
      return finish(known)
    default:
      return post(known)
  }
}

const methodMissing: Refusal = { status: 405, message: 'Method not allowed', headers: { allow: 'POST' } }

async function listen(known: Known): Promise<void> {
  const { outlet, headers, principal, connection, intake } = known
  if (intake.options.listen === undefined) return refuse(known, methodMissing)
  const lastEventId = headers['last-event-id']
  const stream: ClientStream = {
    connection,
    principal,
    headers,
    signal: outlet.signal,
    relay: outlet,
    ...(lastEventId === undefined ? {} : { lastEventId }),
    send: frame => outlet.send(frame),
    end: async refusal => {
      if (outlet.isOpen) outlet.end(undefined, 'legacy')
      else if (refusal === undefined) refuse(known, methodMissing)
      else outlet.answer(refusal)
    },
  }
  await intake.options.listen(stream)
}

/**
 * Whoever ends a session reads no more of it. What still waits is answered as the end of a stream: the Python SDK (1.x)
 * fails as a whole over a plain answer that comes after it closed, and overlooks a stream's.
 */
async function finish(known: Known): Promise<void> {
  const { principal, connection, headers, intake } = known
  if (intake.options.finish === undefined) return refuse(known, methodMissing)
  for (const outlet of intake.waiting.get(connection) ?? []) outlet.opened({ status: 200, headers: {} })
  known.outlet.answer(await intake.options.finish({ connection, principal, headers }))
}

async function post(known: Known): Promise<void> {
  const { intake, request, outlet, headers } = known
  const { bodyBytes, depth } = intake.limits
  const tooLong = { status: 413, message: `Body is larger than ${bodyBytes} bytes` }
  if (Number(request.headers['content-length'] ?? 0) > bodyBytes) return refuse(known, tooLong)
  const body = await readBody(request, bodyBytes)
  if (!body.ok) {
    if (body.why === 'too-long') refuse(known, tooLong)
    return
  }
  const read = readFrame(body.bytes, { bytesMax: bodyBytes, depthMax: depth })
  if (!read.ok) {
    intake.options.oddity?.({ code: read.code, detail: read.detail, sample: sampleOf(body.bytes) })
    const frame = faultReply(read) ?? errorFrame(null, { code: -32600, message: read.detail })
    return outlet.answer({ status: 400, headers: {}, frame })
  }
  const { envelope } = read.frame
  const fault = checkHeaders(envelope, headers) ?? checkParams(known, envelope)
  if (fault !== undefined) return refuseHeaders(known, envelope, fault)
  if (envelope.kind === 'request' && headers['mcp-session-id'] !== undefined) wait(known)
  const exchange = exchangeOf(known, read.frame, eraOverHttp(envelope, headers))
  await intake.options.handle(exchange).catch((cause: unknown) => failed(known, cause, idOf(envelope)))
}

function wait({ intake: { waiting }, connection, outlet }: Known): void {
  const outlets = waiting.get(connection) ?? new Set()
  waiting.set(connection, outlets.add(outlet))
  outlet.onClose(() => {
    outlets.delete(outlet)
    if (outlets.size === 0 && waiting.get(connection) === outlets) waiting.delete(connection)
  })
}

function checkParams({ intake, headers, principal }: Known, envelope: Envelope): HeaderFault | undefined {
  if (intake.options.schemaOf === undefined || envelope.kind !== 'request' || envelope.method !== 'tools/call') return
  if (eraOverHttp(envelope, headers) === 'legacy') return
  const schema = intake.options.schemaOf(String(envelope.params['name']), principal)
  return checkParamHeaders(envelope, headers, schema)
}

function exchangeOf({ outlet, principal, headers, connection }: Known, frame: Frame, era: Era): Exchange {
  const isRequest = frame.envelope.kind === 'request'
  return {
    frame,
    era,
    connection,
    principal,
    headers,
    relay: outlet,
    signal: outlet.signal,
    send: other => outlet.send(other),
    end: async reply => {
      if (reply === undefined && !isRequest && !outlet.isOpen) outlet.answer({ status: 202, headers: {} })
      else outlet.end(reply, era)
    },
  }
}

const sampleBytes = 200

function sampleOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, sampleBytes)).toString('latin1')
}

function idOf(envelope: Envelope): RequestId | null {
  return envelope.kind === 'request' ? envelope.id : null
}

function errorFrame(id: RequestId | null, error: { code: number; message: string }): Frame {
  return frameOf({ kind: 'error', id, error })
}

function refuse({ outlet }: Arrival, { status, message, headers }: Refusal): void {
  outlet.refuse({ status, headers: headers ?? {}, frame: errorFrame(null, { code: -32000, message }) })
}

function refuseHeaders({ intake, outlet }: Known, envelope: Envelope, { status, ...error }: HeaderFault): void {
  intake.options.oddity?.({ code: 'bad-http', detail: error.message, sample: '' })
  outlet.answer({ status, headers: {}, frame: errorFrame(idOf(envelope), error) })
}

function failed({ intake, outlet }: Arrival, cause: unknown, id: RequestId | null): void {
  intake.options.failed?.(cause)
  const frame = errorFrame(id, { code: -32603, message: 'The gateway failed on this message; it was not passed on' })
  if (outlet.isOpen) outlet.end({ frame }, 'legacy')
  else outlet.answer({ status: 500, headers: {}, frame })
}
