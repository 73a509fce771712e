import { request } from 'undici'
import { isObject, type Json } from '../core/json.ts'
import { dialPolicyFor, safeAgent } from './dial.ts'
import { LinkError } from './link.ts'

export type ChatQuestion = { readonly model: string; readonly system: string; readonly user: string }
export type ChatAnswer = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string }

/** A model behind an endpoint that speaks `chat/completions`, as OpenAI, vLLM, llama.cpp and Ollama do. */
export type Chat = {
  /** Never throws: an endpoint that fails is an answer, too. */
  ask(question: ChatQuestion, bearer: string | undefined): Promise<ChatAnswer>
  close(): Promise<void>
}

export type ChatOptions = {
  /** Up to and without `/chat/completions`. */
  readonly url: string
  /** From the first dial to the last byte. */
  readonly deadlineMs: number
  readonly mayBePrivate: boolean
  readonly connections: number
}

const answerBytesMax = 64 * 1024
const answerTokensMax = 300

export function openChat({ url, deadlineMs, mayBePrivate, connections }: ChatOptions): Chat {
  const target = new URL(`${url.replace(/\/$/u, '')}/chat/completions`)
  const agent = safeAgent(dialPolicyFor(target, mayBePrivate), { connectMs: deadlineMs, connections })
  return {
    async ask({ model, system, user }, bearer) {
      const messages = [
        { role: 'system', content: system },
        { role: 'user', content: user },
      ]
      const signal = AbortSignal.timeout(deadlineMs)
      try {
        const { statusCode, body } = await request(target, {
          method: 'POST',
          dispatcher: agent,
          signal,
          headers: {
            'content-type': 'application/json',
            ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          },
          body: JSON.stringify({ model, messages, temperature: 0, max_tokens: answerTokensMax, stream: false }),
        })
        const text = await bounded(body)
        if (text === undefined) return { ok: false, why: `its answer was longer than ${answerBytesMax} bytes` }
        if (statusCode !== 200) return { ok: false, why: `it answered with status ${statusCode}` }
        return contentOf(text)
      } catch (cause) {
        return { ok: false, why: signal.aborted ? `no answer within ${deadlineMs} ms` : whyOf(cause) }
      }
    },
    close: () => agent.destroy(),
  }
}

async function bounded(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.byteLength
    // Leaving the loop ends the connection.
    if (bytes > answerBytesMax) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function contentOf(text: string): ChatAnswer {
  const wrong: ChatAnswer = { ok: false, why: 'it does not speak chat/completions' }
  try {
    const value: Json = JSON.parse(text)
    const choices = isObject(value) ? value['choices'] : undefined
    const first = Array.isArray(choices) ? choices[0] : undefined
    const message = isObject(first) ? first['message'] : undefined
    const content = isObject(message) ? message['content'] : undefined
    return typeof content === 'string' ? { ok: true, text: content } : wrong
  } catch {
    return wrong
  }
}

// The cause of a failed dial; never what was sent.
function whyOf(cause: unknown): string {
  if (cause instanceof LinkError) return cause.message
  return cause instanceof Error && 'code' in cause
    ? `it cannot be reached (${String(cause.code)})`
    : 'it cannot be reached'
}
