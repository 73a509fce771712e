import { type ChildProcess, spawn } from 'node:child_process'
import { cpuMicros, median, quantile, rssMib, within } from './sample.ts'

const answerMs = 60_000
const exitMs = 5_000
const lineFeed = 10
const wordsMax = 2000

/** One path to a raw server, driven without parsing: what is timed is the path. */
export type Probe = {
  readonly pid: number
  /** One call after the other; microseconds each. */
  series(length: number, count: number): Promise<number[]>
  /** Calls all at once; returns calls a second. */
  burst(length: number, count: number): Promise<number>
  close(): Promise<void>
}

/** Starts a command that speaks MCP on stdin and stdout and shakes hands with it. */
export async function stdioProbe(command: readonly string[], env: Readonly<Record<string, string>>): Promise<Probe> {
  const [program = '', ...words] = command
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  child.stdin.on('error', () => {})
  const counter = countLines(child)
  let ids = 0
  const send = (message: object) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const call = (length: number) =>
    `${JSON.stringify({ jsonrpc: '2.0', id: ++ids, method: 'tools/call', params: { name: 'read_text', arguments: { n: length } } })}\n`
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
  try {
    const greeted = counter.after(1)
    send({ id: ++ids, method: 'initialize', params })
    await within(answerMs, 'initialize', greeted)
    send({ method: 'notifications/initialized' })
    const listed = counter.after(1)
    send({ id: ++ids, method: 'tools/list', params: {} })
    await within(answerMs, 'tools/list', listed)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }

  return {
    pid: child.pid ?? 0,
    async series(length, count) {
      const times: number[] = []
      for (let i = 0; i < count; i++) {
        const [before, answered, began] = [counter.bytes(), counter.after(1), performance.now()]
        child.stdin.write(call(length))
        await within(answerMs, 'an answer', answered)
        times.push((performance.now() - began) * 1000)
        const got = counter.bytes() - before
        if (got < length) throw new Error(`answer of ${got} bytes where ${length} were asked for`)
      }
      return times
    },
    async burst(length, count) {
      const [before, answered, began] = [counter.bytes(), counter.after(count), performance.now()]
      let lines = ''
      for (let i = 0; i < count; i++) lines += call(length)
      child.stdin.write(lines)
      await within(answerMs, `${count} answers`, answered)
      if (counter.bytes() - before < length * count) throw new Error('answers are too short')
      return count / ((performance.now() - began) / 1000)
    },
    close: () => close(child),
  }
}

function countLines(child: ChildProcess) {
  let [lines, bytes, wanted] = [0, 0, Number.POSITIVE_INFINITY]
  let resolve: (() => void) | undefined
  let fail: ((error: Error) => void) | undefined
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) lines++
    if (lines >= wanted) resolve?.()
  })
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-wordsMax)
  })
  child.once('close', code => fail?.(new Error(`the path ended with ${code}: ${words.trim()}`)))
  child.once('error', error => fail?.(error))
  return {
    bytes: () => bytes,
    after: (count: number) =>
      new Promise<void>((done, broken) => {
        wanted = lines + count
        resolve = done
        fail = broken
      }),
  }
}

async function close(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  child.stdin?.end()
  await within(exitMs, 'exit', gone).catch(() => child.kill('SIGKILL'))
}

/** What one round of one target gives. */
export type Round = { readonly p50: number; readonly p99: number; readonly perSecond: number; readonly cpu: number }

export type Counts = { readonly row: number; readonly burst: number }

/** Times a target once: calls in a row for latency, then a burst for throughput and processor time. */
export async function round(probe: Probe, length: number, counts: Counts): Promise<Round> {
  const times = await probe.series(length, few)
  // The first call of a length can take three times as long as those to come: the quickest says what more would take.
  const row = affordable(counts.row - few, Math.min(...times))
  if (row > 0) times.push(...(await probe.series(length, row)))
  // A burst overlaps what a row waits for, so it may be larger than the row's pace allows.
  const burst = Math.max(Math.min(counts.burst, few), affordable(counts.burst, median(times) / 4))
  const before = cpuMicros(probe.pid)
  const perSecond = burst > 0 ? await probe.burst(length, burst) : Number.NaN
  const cpu = (cpuMicros(probe.pid) - before) / burst
  return { p50: median(times), p99: quantile(times, 0.99), perSecond, cpu }
}

const few = 2
const paceMicros = 700_000

/** As many as wanted, or as fit into the time that one target may take of a round. */
function affordable(wanted: number, each: number): number {
  return Math.max(0, Math.min(wanted, Math.floor(paceMicros / each)))
}

/** Resident memory of what stands in the way, without the server behind it. */
export function ownRss(probe: Probe): number {
  return rssMib(probe.pid)
}
