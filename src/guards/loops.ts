import type { Finding } from '../core/finding.ts'
import { guardWithMemory } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { option, type ValuesOf } from '../core/option.ts'
import { jsonHash } from '../text/json-hash.ts'

const count = (about: string, initially: number, max: number) =>
  option.number({ about, default: initially, min: 2, max, tighter: 'lower' })

const options = {
  windowMs: option.number({ about: 'How far back calls count', default: 120_000, min: 1_000, max: 3_600_000 }),
  repeatsMax: count('The same call with the same arguments', 10, 64),
  cyclesMax: count('Rounds of a cycle of up to eight calls (A, B, A, B)', 4, 16),
  fanOutMax: count('Different tools in one window', 24, 64),
  chainMax: count("Calls in a row without a person's yes", 1_000, 100_000),
  deedsMax: count("Calls in a row that do more than read, without a person's yes", 300, 10_000),
  restMs: option.number({
    about: 'A pause after which a row starts anew',
    default: 600_000,
    min: 1_000,
    max: 86_400_000,
  }),
}
type Values = ValuesOf<typeof options>

/** So many calls are remembered, whatever the options say. */
const callsMax = 64
const cycleMax = 8

type Call = readonly [call: number, tool: number, atMs: number]
type Memory = {
  readonly calls: readonly Call[]
  readonly chain: number
  readonly deeds: number
  readonly sinceMs: number
}

const start: Memory = { calls: [], chain: 0, deeds: 0, sinceMs: 0 }

export const loops = guardWithMemory({
  id: 'loops',
  title: 'Calls that go in circles, spread out, or follow each other too long without a person',
  threats: ['T6.loops', 'T4.chain'],
  reads: ['tool.call'],
  options,
  start,
  inspect(message, { options, scene, memory }) {
    const isDeed = scene.tool?.effects.some(effect => effect !== 'read') ?? true
    const now = remember(message, { memory, options, isDeed, approvedMs: scene.session.approvedMs ?? 0 })
    return { findings: findingsOf(message, now, options), memory: now }
  },
})

type News = {
  readonly memory: Memory
  readonly options: Values
  readonly isDeed: boolean
  readonly approvedMs: number
}

function remember({ server, body, atMs }: Message<'tool.call'>, { memory, options, isDeed, approvedMs }: News): Memory {
  const tool = jsonHash([server, body.tool])
  const call: Call = [jsonHash([tool, body.args]), tool, atMs]
  // In order of time, so that what is too old stands in front.
  let from = Math.max(0, memory.calls.length + 1 - callsMax)
  while (from < memory.calls.length && atMs - (memory.calls[from]?.[2] ?? 0) > options.windowMs) from++
  const calls = memory.calls.slice(from)
  calls.push(call)
  const lastMs = memory.calls.at(-1)?.[2] ?? atMs
  const isNew = approvedMs > memory.sinceMs || atMs - lastMs > options.restMs
  const before = isNew ? { chain: 0, deeds: 0, sinceMs: atMs } : memory
  return {
    calls,
    chain: before.chain + 1,
    deeds: before.deeds + Number(isDeed),
    sinceMs: before.sinceMs,
  }
}

function findingsOf({ root, body }: Message<'tool.call'>, now: Memory, max: Values): Finding[] {
  const found: Finding[] = []
  const note = (rule: string, confidence: Finding['confidence'], facts: Finding['facts']) =>
    found.push({ rule: `loops/${rule}`, severity: 'high', confidence, at: root, facts: { tool: body.tool, ...facts } })
  const repeats = repeatsOf(now.calls)
  if (repeats > max.repeatsMax) note('repeat', 'certain', { times: repeats, max: max.repeatsMax })
  const length = cycleLength(now.calls, max.cyclesMax)
  if (length !== undefined) note('cycle', 'certain', { calls: length, rounds: max.cyclesMax })
  const tools = now.calls.length > max.fanOutMax ? new Set(now.calls.map(([, tool]) => tool)).size : 0
  if (tools > max.fanOutMax) note('fan-out', 'likely', { tools, max: max.fanOutMax })
  if (now.chain > max.chainMax) note('chain', 'likely', { calls: now.chain, max: max.chainMax })
  if (now.deeds > max.deedsMax) note('deeds', 'likely', { calls: now.deeds, max: max.deedsMax })
  return found
}

function repeatsOf(calls: readonly Call[]): number {
  const last = calls.at(-1)?.[0]
  let times = 0
  for (const [call] of calls) if (call === last) times++
  return times
}

/** The number of calls after which the last ones began again, if they did so for this many rounds. */
function cycleLength(calls: readonly Call[], rounds: number): number | undefined {
  for (let length = 2; length <= cycleMax && length * rounds <= calls.length; length++)
    if (isCycle(calls, length, rounds)) return length
  return undefined
}

function isCycle(calls: readonly Call[], length: number, rounds: number): boolean {
  const from = calls.length - length * rounds
  let isMixed = false
  for (let i = calls.length - 1; i >= from + length; i--) {
    if (calls[i]?.[0] !== calls[i - length]?.[0]) return false
    isMixed ||= calls[i]?.[0] !== calls[i - 1]?.[0]
  }
  return isMixed
}
