import type { Finding } from '../core/finding.ts'
import { guardWithMemory, type Scene } from '../core/guard.ts'
import { type Json, step } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import { option, type ValuesOf } from '../core/option.ts'

const perMinute = (about: string, initially: number) =>
  option.number({ about, default: initially, min: 1, max: 1_000_000, tighter: 'lower' })

const options = {
  sessionPerMinute: perMinute('Calls, reads and prompts of one session', 120),
  principalPerMinute: perMinute('The same of one principal, in all sessions', 240),
  serverPerMinute: perMinute('The same that one server receives, from everyone', 1_200),
  toolPerMinute: perMinute('Calls of one tool by one principal', 90),
  askedPerMinute: perMinute("Requests of a server to the client's model or its user, in one session", 20),
  tools: option.map({
    about: 'Other rates for single tools, as `tool` or `server/tool`',
    each: { perMinute: perMinute('Calls of the tool by one principal', 90) },
    instead: { perMinute: 'toolPerMinute' },
  }),
}
type Values = ValuesOf<typeof options>

/** What is left and since when: refilled evenly, never more than a minute's worth. */
type Bucket = readonly [tokens: number, atMs: number]
type Memory = { readonly session: Json; readonly asked: Json }
const start: Memory = { session: null, asked: null }

export const rate = guardWithMemory({
  id: 'rate',
  title: 'More calls in a minute than a session, a principal, a server or a tool may have',
  threats: ['T6.rate', 'C3.rate'],
  reads: ['tool.call', 'resource.read', 'prompt.get', 'sampling.request', 'elicitation.request'],
  options,
  start,
  inspect(message, { options, scene, memory }) {
    const { atMs, body } = message
    const isAsked = body.kind === 'sampling.request' || body.kind === 'elicitation.request'
    const scopes = isAsked ? [asked(memory, options)] : scopesOf(message, { options, scene, memory })
    // A call that is refused anywhere is charged nowhere: one bucket run dry must not drain the others.
    const empty = scopes.filter(scope => refill(scope, atMs) < 1)
    if (empty.length > 0) return { findings: empty.map(scope => finding(message, scope)), memory }
    const [own, ...others] = scopes.map((scope): Bucket => [refill(scope, atMs) - 1, atMs])
    const shared: Record<string, Json> = {}
    for (let i = 0; i < others.length; i++) shared[scopes[i + 1]?.key ?? ''] = others[i] ?? null
    return {
      findings: [],
      memory: isAsked ? { ...memory, asked: own ?? null } : { ...memory, session: own ?? null },
      shared,
    }
  },
})

type Scope = { readonly key: string; readonly scope: string; readonly perMinute: number; readonly bucket: Json }
type View = { readonly options: Values; readonly scene: Scene; readonly memory: Memory }

function asked({ asked }: Memory, { askedPerMinute }: Values): Scope {
  return { key: 'asked', scope: 'server requests', perMinute: askedPerMinute, bucket: asked }
}

function scopesOf({ principal, server, body }: Message, { options, scene, memory }: View): Scope[] {
  const session: Scope = {
    key: 'session',
    scope: 'session',
    perMinute: options.sessionPerMinute,
    bucket: memory.session,
  }
  const shared = (scope: string, key: string, perMinute: number): Scope => ({
    key,
    scope,
    perMinute,
    bucket: scene.shared?.get(`rate/${key}`) ?? null,
  })
  const scopes = [
    session,
    shared('principal', `principal${step(principal)}`, options.principalPerMinute),
    shared('server', `server${step(server)}`, options.serverPerMinute),
  ]
  if (body.kind !== 'tool.call') return scopes
  // Tools that were never listed share one bucket: made-up names must not fill the memory that all share.
  const tool = scene.tool === undefined ? '' : body.tool
  const own = ownRate(options, `${server}/${body.tool}`) ?? ownRate(options, body.tool) ?? options.toolPerMinute
  return [...scopes, shared('tool', `tool${step(principal)}${step(server)}${step(tool)}`, own)]
}

function ownRate({ tools }: Values, name: string): number | undefined {
  return Object.hasOwn(tools, name) ? tools[name]?.perMinute : undefined
}

function refill({ bucket, perMinute }: Scope, atMs: number): number {
  if (!isBucket(bucket)) return perMinute
  const [tokens, sinceMs] = bucket
  return Math.min(perMinute, tokens + (Math.max(0, atMs - sinceMs) * perMinute) / 60_000)
}

function isBucket(value: Json): value is Bucket {
  return Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'number'
}

function finding({ root, atMs }: Message, of: Scope): Finding {
  const { scope, perMinute } = of
  const tokens = refill(of, atMs)
  const facts = { scope, perMinute, retryInMs: Math.ceil(((1 - tokens) * 60_000) / perMinute) }
  return { rule: 'rate/exceeded', severity: 'high', confidence: 'certain', at: root, facts }
}
