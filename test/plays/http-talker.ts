import type { Rpc } from '../fixtures/scripted-acts.ts'
import { type Answerer, answerMs, type Era, type Exchange, enveloped, type Talker, versions, within } from './talker.ts'

/** Speaks Streamable HTTP to a URL. */
export function httpTalker(url: string, era: Era, how: { answer: Answerer; token?: string }): Talker {
  const loose: Rpc[] = []
  const streams = new AbortController()
  let session: string | undefined
  let ids = 0
  const base = (): Record<string, string> => ({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(how.token === undefined ? {} : { authorization: `Bearer ${how.token}` }),
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
    ...(era === 'modern' || session !== undefined ? { 'mcp-protocol-version': versions[era] } : {}),
  })
  const post = (message: Rpc, signal: AbortSignal) =>
    fetch(url, {
      method: 'POST',
      headers: { ...base(), ...mirrored(era, message) },
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
      signal,
    })

  async function answerServer(message: Rpc): Promise<void> {
    if (message['method'] === undefined || message['id'] === undefined) return
    const response = await post({ id: message['id'], ...how.answer(message) }, streams.signal)
    await response.body?.cancel()
  }

  async function exchange(message: Rpc, signal: AbortSignal): Promise<Exchange> {
    const response = await post(message, signal)
    session ??= response.headers.get('mcp-session-id') ?? undefined
    const { status } = response
    if (!isStream(response)) {
      const raw = await response.text()
      return { answer: raw === '' ? {} : (JSON.parse(raw) as Rpc), raw, before: [], status }
    }
    const before: Rpc[] = []
    for await (const raw of events(response)) {
      const heard = JSON.parse(raw) as Rpc
      if (heard['method'] === undefined && heard['id'] === message['id']) return { answer: heard, raw, before, status }
      before.push(heard)
      await answerServer(heard)
    }
    throw new Error(`${String(message['method'])}: the stream ended without an answer`)
  }

  return {
    era,
    loose,
    async request(method, params = {}, { cancelAfterMs } = {}) {
      const message = { id: ++ids, method, params: enveloped(era, params) }
      if (cancelAfterMs === undefined) return within(answerMs, method, exchange(message, streams.signal))
      const own = new AbortController()
      const pending = exchange(message, own.signal).catch(() => undefined)
      await new Promise(resolve => setTimeout(resolve, cancelAfterMs))
      if (era === 'legacy')
        await this.notify('notifications/cancelled', { requestId: message.id, reason: 'the play says so' })
      own.abort()
      await pending
      return { answer: { cancelled: true }, raw: '', before: [] }
    },
    async notify(method, params = {}) {
      await (await post({ method, params }, streams.signal)).body?.cancel()
    },
    async listen(notifications) {
      const params = enveloped(era, { notifications })
      const response =
        era === 'modern'
          ? await post({ id: ++ids, method: 'subscriptions/listen', params }, streams.signal)
          : await fetch(url, { headers: { ...base(), accept: 'text/event-stream' }, signal: streams.signal })
      void (async () => {
        for await (const raw of events(response)) {
          const heard = JSON.parse(raw) as Rpc
          loose.push(heard)
          await answerServer(heard)
        }
      })().catch(() => {})
    },
    async close() {
      if (session !== undefined) await fetch(url, { method: 'DELETE', headers: base() }).catch(() => undefined)
      streams.abort()
    },
  }
}

/** The headers that 2026-07-28 wants beside the body. */
function mirrored(era: Era, message: Rpc): Record<string, string> {
  if (era === 'legacy' || message['method'] === undefined) return {}
  const params = (message['params'] ?? {}) as Rpc
  const name = params['name'] ?? params['uri']
  return { 'mcp-method': String(message['method']), ...(typeof name === 'string' ? { 'mcp-name': name } : {}) }
}

function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.includes('text/event-stream') ?? false
}

async function* events(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n\r?\n/u)
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split(/\r?\n/u).filter(line => line.startsWith('data:'))
      const data = lines.map(line => line.slice(5).replace(/^ /u, '')).join('\n')
      if (data !== '') yield data
    }
  }
}
