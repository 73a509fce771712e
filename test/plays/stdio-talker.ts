import { spawn } from 'node:child_process'
import { end } from '../fixtures/running.ts'
import type { Rpc } from '../fixtures/scripted-acts.ts'
import { type Answerer, answerMs, type Era, type Exchange, enveloped, type Talker, within } from './talker.ts'

type Open = { readonly before: Rpc[]; resolve(exchange: Exchange): void; reject(error: Error): void }

/** Speaks to a child over its stdin and stdout, line by line. */
export function stdioTalker(
  command: readonly string[],
  era: Era,
  how: { answer: Answerer; env?: Readonly<Record<string, string>> },
): Talker & { readonly pid: number; stderr(): string } {
  const [program = '', ...words] = command
  const child = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...how.env },
  })
  const loose: Rpc[] = []
  const open = new Map<unknown, Open>()
  let [ids, stderr, rest] = [0, '', '']
  const send = (message: Rpc) => void child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-65_536)
  })
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') hear(line)
  })
  child.once('close', () => {
    for (const { reject } of open.values()) reject(new Error(`the line ended\n${stderr}`))
  })

  function hear(line: string): void {
    const message = JSON.parse(line) as Rpc
    const mine = message['method'] === undefined ? open.get(message['id']) : undefined
    if (mine) {
      open.delete(message['id'])
      mine.resolve({ answer: message, raw: line, before: mine.before })
      return
    }
    // A line has no streams: what belongs to a request is told by its token, or by there being only one in flight.
    const [only] = open.size === 1 ? open.values() : []
    const isAnnouncement = String(message['method']).endsWith('_changed') || isSubscribed(message)
    if (only && !isAnnouncement) only.before.push(message)
    else loose.push(message)
    if (message['id'] !== undefined && message['method'] !== undefined)
      send({ id: message['id'], ...how.answer(message) })
  }

  return {
    era,
    loose,
    pid: child.pid ?? 0,
    stderr: () => stderr,
    async request(method, params = {}, { cancelAfterMs } = {}) {
      const id = ++ids
      const answered = new Promise<Exchange>((resolve, reject) => open.set(id, { before: [], resolve, reject }))
      send({ id, method, params: enveloped(era, params) })
      if (cancelAfterMs === undefined) return within(answerMs, method, answered)
      answered.catch(() => {})
      await new Promise(resolve => setTimeout(resolve, cancelAfterMs))
      send({ method: 'notifications/cancelled', params: { requestId: id, reason: 'the play says so' } })
      open.delete(id)
      return { answer: { cancelled: true }, raw: '', before: [] }
    },
    async notify(method, params = {}) {
      send({ method, params })
    },
    async listen(notifications) {
      if (era === 'legacy') return
      send({ id: ++ids, method: 'subscriptions/listen', params: enveloped(era, { notifications }) })
    },
    async close() {
      child.stdin.end()
      const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
      await within(answerMs, 'exit after EOF', child.exitCode === null ? gone : Promise.resolve()).catch(() =>
        end(child),
      )
    },
  }
}

function isSubscribed(message: Rpc): boolean {
  const meta = (message['params'] as Rpc | undefined)?.['_meta'] as Rpc | undefined
  return meta?.['io.modelcontextprotocol/subscriptionId'] !== undefined
}
