import { setTimeout as sleep } from 'node:timers/promises'
import { isObject } from '../core/json.ts'
import type { Envelope } from './envelope.ts'
import type { Headers } from './header-mirror.ts'
import { callUpstream, type OwnSession, postAside, type Upstream } from './http-call.ts'
import { type Progress, readStream } from './http-stream.ts'
import type { LinkErrorCode } from './link.ts'

/** Keeps what `initialize` settled: the session's id and the protocol version that later requests name. */
export function learnSession(session: OwnSession, headers: Headers, envelope: Envelope): void {
  const id = headers['mcp-session-id']
  if (typeof id === 'string' && /^[!-~]{1,1024}$/u.test(id)) session.id = id
  const version =
    envelope.kind === 'result' && isObject(envelope.result) ? envelope.result['protocolVersion'] : undefined
  if (typeof version === 'string' && /^[0-9A-Za-z.-]{1,32}$/u.test(version)) session.version = version
}

const hopeless: readonly LinkErrorCode[] = ['aborted', 'unauthorized', 'refused-address', 'protocol']

/** Hears the server's own stream for a client that speaks no HTTP, until the link closes or the server has none. */
export async function keepListening(upstream: Upstream, signal: AbortSignal): Promise<void> {
  const progress: Progress = { events: 0 }
  for (let idle = 0; idle < upstream.limits.resumesMax && !signal.aborted; idle++) {
    const before = progress.events
    const end = await listenOnce(upstream, progress, signal)
    if (end === 'over') return
    if (progress.events > before) idle = 0
    const { retryMsMin, retryMsMax } = upstream.limits
    const retryMs = Math.max(retryMsMin, Math.min(progress.retryMs ?? 1000 * 2 ** idle, retryMsMax))
    await sleep(retryMs, undefined, { signal, ref: false }).catch(() => {}) // the loop looks at the signal
  }
}

async function listenOnce(upstream: Upstream, progress: Progress, signal: AbortSignal): Promise<'over' | 'again'> {
  const from = progress.lastEventId === undefined ? {} : { lastEventId: progress.lastEventId }
  try {
    const call = { method: 'GET', headers: {}, signal, silentMs: 0, reads: 'stream', ...from } as const
    const { stream, statusCode } = await callUpstream(upstream, call)
    if (stream === undefined) return statusCode >= 500 ? 'again' : 'over'
    await readStream(stream, {
      upstream,
      progress,
      relay: undefined,
      answer: frame => postAside(upstream, frame, {}),
      message: frame => upstream.events.unsolicited(frame),
      unread: () => {},
    })
    return 'again'
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
    return hopeless.some(each => each === code) ? 'over' : 'again'
  }
}
