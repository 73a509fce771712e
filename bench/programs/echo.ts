import { text } from '../corpus.ts'

type Rpc = { id?: string | number; method?: string; params?: Record<string, unknown> }

const bodies = new Map<number, Buffer>()
/** Each answer is a text that nobody has read yet: it begins with its number, of so many digits. */
const numberDigits = 10
/** Started with this word, the server says the same each time. */
const isSame = process.argv.includes('same')
let answers = 0

/** The answer of a raw server: a text of as many characters as the call asks for. Undefined for a notification. */
export function answerTo(line: string): Buffer | undefined {
  const { id, method, params = {} } = JSON.parse(line) as Rpc
  if (id === undefined) return undefined
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`
  if (method === 'tools/call') return Buffer.concat([Buffer.from(head), bodyOf(params), close])
  return Buffer.from(`${head}${JSON.stringify(resultOf(method, params))}}`)
}

const close = Buffer.from('}')
const opening = '"text":"'

function bodyOf(params: Record<string, unknown>): Buffer {
  const length = Number((params['arguments'] as { n?: number } | undefined)?.n ?? 0)
  const body = bodies.get(length) ?? Buffer.from(JSON.stringify({ content: [{ type: 'text', text: text(length) }] }))
  bodies.set(length, body)
  if (length >= numberDigits && !isSame)
    body.write(String(answers++).padStart(numberDigits, '0'), body.indexOf(opening) + opening.length)
  return body
}

function resultOf(method: string | undefined, params: Record<string, unknown>): object {
  if (method === 'initialize')
    return {
      protocolVersion: params['protocolVersion'],
      capabilities: { tools: {} },
      serverInfo: { name: 'raw', version: '1' },
    }
  if (method === 'tools/list') return { tools: [echo] }
  return {}
}

const echo = {
  name: 'read_text',
  description: 'Returns a text of so many characters.',
  inputSchema: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] },
  annotations: { readOnlyHint: true },
}
