import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Rpc, Script } from '../fixtures/scripted-acts.ts'
import { type Answerer, type Era, type Exchange, greet, type Talker } from './talker.ts'

/** A client and a server, what each does, in order. The same play runs on every stage. */
export type Play = {
  readonly title: string
  /** Both by default. */
  readonly eras?: readonly Era[]
  /** More than the defaults let through whole: only where limits can be set. */
  readonly isLarge?: boolean
  readonly script: Script
  readonly steps: readonly Step[]
}

export type Step =
  | { readonly say: string; readonly params?: Rpc; readonly cancelAfterMs?: number }
  | { readonly tell: string; readonly params?: Rpc }
  /** Several requests at once. */
  | { readonly all: readonly { readonly say: string; readonly params?: Rpc }[] }
  | { readonly listen: Rpc }
  /** Until the client heard so many announcements, or the server saw a message of this method. */
  | { readonly untilHeard: number }
  | { readonly untilServerSaw: string }

/** Who saw what. Equal transcripts mean that nobody on the line could tell the difference. */
export type Transcript = {
  readonly client: readonly Said[]
  readonly announced: readonly Rpc[]
  readonly server: readonly Rpc[]
}
type Said = { readonly before: readonly unknown[]; readonly answer: unknown; readonly wire: string }

export type Stage = {
  readonly name: string
  /** Runs without a configuration, so with the default limits. */
  readonly hasDefaults?: boolean
  open(script: Script, era: Era, answer: Answerer): Promise<Scene>
}

/** A talker with the server's own record at the other end. */
export type Scene = { readonly talker: Talker; seen(): readonly Rpc[]; close(): Promise<void> }

const untilMs = 10_000

/** How the client in a play answers a server's questions. */
export const obliging: Answerer = ({ method }) => {
  switch (method) {
    case 'sampling/createMessage':
      return { result: { role: 'assistant', content: { type: 'text', text: 'four' }, model: 'play' } }
    case 'elicitation/create':
      return { result: { action: 'accept', content: { name: 'Ada' } } }
    case 'roots/list':
      return { result: { roots: [] } }
    case 'ping':
      return { result: {} }
    default:
      return { error: { code: -32601, message: 'Method not found' } }
  }
}

export async function perform(play: Play, stage: Stage, era: Era): Promise<Transcript> {
  const scene = await stage.open(play.script, era, obliging)
  try {
    const client: Said[] = [said(await greet(scene.talker))]
    for (const step of play.steps) client.push(...(await take(step, scene)))
    return { client, announced: scene.talker.loose.map(plain), server: scene.seen().flatMap(heard) }
  } finally {
    await scene.close()
  }
}

async function take(step: Step, { talker, seen }: Scene): Promise<Said[]> {
  if ('say' in step) {
    const options = step.cancelAfterMs === undefined ? {} : { cancelAfterMs: step.cancelAfterMs }
    return [said(await talker.request(step.say, step.params, options))]
  }
  if ('all' in step)
    return (await Promise.all(step.all.map(({ say, params }) => talker.request(say, params)))).map(said)
  if ('tell' in step) await talker.notify(step.tell, step.params)
  else if ('listen' in step) await talker.listen(step.listen)
  else if ('untilHeard' in step) await until(() => talker.loose.length >= step.untilHeard, 'announcements')
  else await until(() => seen().some(entry => isAbout(entry, step.untilServerSaw)), step.untilServerSaw)
  return []
}

function isAbout(entry: Rpc, what: string): boolean {
  const received = entry['received'] as Rpc | undefined
  const isGone = what === 'notifications/cancelled' && entry['disconnected'] !== undefined
  return received?.['method'] === what || isGone
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + untilMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`waited ${untilMs} ms for ${what}`)
    await sleep(20)
  }
}

function said({ answer, before, raw }: Exchange): Said {
  return { before: before.map(plain), answer: plain(answer), wire: brief(raw.replace(idMember, '"id":0')) }
}

const idMember = /"id":\s*(?:\d+|"[^"]*")/u

/** Names that both ends of a relay may choose anew: ids, tokens. Everything else must arrive as it left. */
function plain(message: unknown): Rpc {
  const rest = { ...(message as Rpc) }
  delete rest['id']
  const text = JSON.stringify(rest, (key, value) => {
    if (key === 'progressToken' || key === 'io.modelcontextprotocol/subscriptionId') return '<token>'
    return typeof value === 'string' ? brief(value) : value
  })
  return JSON.parse(text) as Rpc
}

/** Long texts as length and hash: as strict, and readable when they differ. */
function brief(text: string): string {
  if (text.length <= 2000) return text
  return `${text.slice(0, 40)}… ${text.length} characters, sha256 ${createHash('sha256').update(text).digest('hex')}`
}

const ownBusiness = /^(initialize|server\/discover|tools\/list|notifications\/initialized|subscriptions\/listen|ping)$/u

/** What the server got of the client's work. Handshakes and lists a gateway may ask for itself. */
function heard(entry: Rpc): Rpc[] {
  const received = entry['received'] as Rpc | undefined
  if (received === undefined || ownBusiness.test(String(received['method']))) return []
  if (received['method'] === 'notifications/cancelled') return [{ method: 'notifications/cancelled' }]
  return [plain(received)]
}
