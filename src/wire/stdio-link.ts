import type { Launch } from '../core/launch.ts'
import type { Frame } from './envelope.ts'
import type { JsonLimits } from './json.ts'
import { type LineWriter, lineWriter } from './line-writer.ts'
import { lineReader } from './lines.ts'
import { type Link, LinkError, type LinkEvents, type Reply, type RequestOptions } from './link.ts'
import { outputMeter } from './output-meter.ts'
import { Pending } from './pending.ts'
import { type ServerProcess, startProcess } from './process.ts'
import { recover } from './recover.ts'
import { type FrameFault, readFrame } from './rpc.ts'
import { reportStderr, sampleOf } from './stderr.ts'

export type StdioLimits = JsonLimits & {
  /** Requests that wait for an answer at one time. */
  readonly inFlightMax: number
}

/** Starts a server and speaks lines of JSON-RPC with it. Rejects with a LinkError when it cannot be started. */
export async function openStdioLink(launch: Launch, events: LinkEvents, limits: StdioLimits): Promise<Link> {
  const server = await startProcess(launch)
  const writer = lineWriter(server.stdin)
  const pending = new Pending(events, limits.inFlightMax)
  reportStderr(server.stderr, what => events.oddity(what))
  const { output } = launch
  const bytesMax = Math.min(limits.bytesMax, output?.lineBytes ?? limits.bytesMax)
  listen({ server, pending, events, limits: { ...limits, bytesMax } })
  if (output !== undefined) meterOutput(server, output.bytesPerMinute)
  const closed = server.gone.then(why => {
    pending.end(new LinkError('closed', `the server's process is gone: ${why}`))
    return why
  })
  return {
    request: (frame, options) => request({ writer, pending }, frame, options),
    async notify(frame) {
      await writer.write(frame.bytes)
      return undefined
    },
    close: () => server.stop(),
    closed,
  }
}

/** Both streams count: a log costs the one who reads it no less than an answer. */
function meterOutput({ stdout, stderr, kill }: ServerProcess, bytesPerMinute: number): void {
  const isWithin = outputMeter(bytesPerMinute)
  const count = (chunk: Uint8Array): void => {
    if (isWithin(chunk.length, performance.now())) return
    stdout.off('data', count)
    stderr.off('data', count)
    kill(`it printed more than ${Math.round(bytesPerMinute / 1024 / 1024)} MiB in a minute (limits.outputMiBPerMin)`)
  }
  stdout.on('data', count)
  stderr.on('data', count)
}

type Line = { readonly writer: LineWriter; readonly pending: Pending }

function request({ writer, pending }: Line, frame: Frame, options: RequestOptions): Promise<Reply | undefined> {
  const { envelope } = frame
  if (envelope.kind !== 'request') throw new TypeError(`a ${envelope.kind} is not a request`)
  if (options.giveUp?.isGivenUp() ?? options.signal.aborted)
    return Promise.reject(new LinkError('aborted', 'the caller went away'))
  const refused = pending.refusal(envelope.id)
  if (refused !== undefined) return Promise.reject(refused)
  const reply = pending.add(envelope, options)
  // Nobody waits for this: while the server is slow to read, its other callers' lines queue behind, bounded by inFlightMax.
  void writer.write(frame.bytes)
  return reply
}

type Ear = {
  readonly server: ServerProcess
  readonly pending: Pending
  readonly events: LinkEvents
  readonly limits: StdioLimits
}

function listen({ server, pending, events, limits }: Ear): void {
  const { stdout } = server
  const refused = (fault: FrameFault | LongLine, head: Uint8Array): void => {
    events.oddity({ code: codeOf(fault.code), detail: fault.detail, sample: sampleOf(head) })
    if (fault.from.kind === 'response') pending.fail(fault.from.id, answerFault(fault))
  }
  const reader = lineReader(limits.bytesMax, {
    line(bytes) {
      const read = readFrame(bytes, limits)
      if (read.ok) pending.take(read.frame)
      else refused(read, bytes)
    },
    tooLong(head) {
      refused({ code: 'too-long', detail: `a line beyond ${limits.bytesMax} bytes`, from: recover(head) }, head)
    },
  })
  pending.onPressure = isHigh => (isHigh ? stdout.pause() : stdout.resume())
  stdout.on('data', (chunk: Uint8Array) => reader.push(chunk))
  stdout.once('end', () => reader.end())
}

type LongLine = { readonly code: 'too-long'; readonly detail: string; readonly from: FrameFault['from'] }

function answerFault({ code, detail }: FrameFault | LongLine): LinkError {
  return new LinkError(code === 'too-long' ? 'too-long' : 'protocol', `the server's answer was refused: ${detail}`)
}

function codeOf(code: FrameFault['code']) {
  return code === 'too-deep' ? 'not-rpc' : code
}
