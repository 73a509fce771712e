import { printable } from '../audit/printable.ts'
import type { Body } from '../core/message.ts'
import type { Ruling } from '../gateway/judge.ts'

export type LineStyle = {
  readonly isJson: boolean
  readonly isColoured: boolean
  /** Several use the gateway: each line says who. */
  readonly isShared?: boolean
}

/** One decision as one line; undefined for what nobody wants to watch: lists, pings, progress that passed. */
export function decisionLine(ruling: Ruling, { isJson, isColoured, isShared }: LineStyle): string | undefined {
  const { message, decision, kind } = ruling
  const subject = subjectOf(message.body)
  const verdict = kind === 'refuse' && decision.verdict.kind !== 'ask' ? 'block' : decision.verdict.kind
  if (subject === undefined && verdict === 'allow' && decision.wouldBe === undefined) return undefined
  const rules = decision.because.map(({ rule }) => rule)
  if (isJson)
    return JSON.stringify({
      at: new Date(message.atMs).toISOString(),
      id: message.id,
      principal: message.principal,
      server: message.server,
      kind: message.body.kind,
      subject,
      verdict,
      wouldBe: decision.wouldBe,
      rules,
    })
  const time = new Date(message.atMs).toISOString().slice(11, 19)
  const word = (decision.wouldBe === undefined ? verdict : `would ${decision.wouldBe}`).padEnd(8)
  const why = decision.because.filter(({ then }) => then !== 'allow').map(({ text }) => text)[0]
  const by = isShared === true ? ` · ${message.principal}` : ''
  const words = [
    time,
    paint(word, verdict, isColoured),
    printable(`${message.server} ${arrow(message.from)} ${subject ?? message.body.kind}${by}`),
  ]
  return why === undefined ? words.join('  ') : `${words.join('  ')}\n          ${printable(why).slice(0, 200)}`
}

function arrow(from: 'client' | 'server'): string {
  return from === 'client' ? '◀' : '▶'
}

const colours = { allow: 32, rewrite: 36, ask: 33, block: 31 } as const

function paint(word: string, verdict: keyof typeof colours, isColoured: boolean): string {
  return isColoured ? `\u001b[${colours[verdict]}m${word}\u001b[0m` : word
}

function subjectOf(body: Body): string | undefined {
  switch (body.kind) {
    case 'tool.call':
    case 'tool.result':
    case 'tool.waiting':
      return `${body.kind === 'tool.call' ? 'call' : body.kind === 'tool.result' ? 'answer' : 'wait'} ${body.tool}`
    case 'resource.read':
    case 'resource.content':
      return `resource ${body.uri}`
    case 'prompt.get':
    case 'prompt.result':
      return `prompt ${body.prompt}`
    case 'sampling.request':
    case 'elicitation.request':
      return body.kind
    case 'error':
      return `error of ${body.tool ?? body.method}`
    default:
      return undefined
  }
}
