import { existsSync } from 'node:fs'
import { auditTail } from '../audit/query.ts'
import { effectsOf } from '../core/capability.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { TrialCall } from '../trust/default-calls.ts'
import { isSameJson } from '../trust/unchanged.ts'

const recordsMax = 2000
const callsMax = 20
const charsMax = 4096

/** Whose calls, and what it offers now: what its tools may do is read from what they say of themselves. */
export type RecordedOf = { readonly server: string; readonly tools: Readonly<Record<string, JsonObject>> }

/**
 * The last calls of a server that the record holds whole: of tools that only read, that passed, and whose arguments lost
 * nothing on their way into the record. With something cut out of it, a call would ask for something else.
 */
export async function recordedCalls(folder: string, { server, tools }: RecordedOf): Promise<readonly TrialCall[]> {
  if (!existsSync(folder)) return []
  const calls: TrialCall[] = []
  const filter = { server, kind: 'call' }
  for await (const { details } of auditTail(folder, { filter, limit: recordsMax })) {
    const { type, tool, args, passed } = details
    if (type !== 'tool.call' || passed !== true || typeof tool !== 'string' || !isObject(args)) continue
    const definition = Object.hasOwn(tools, tool) ? tools[tool] : undefined
    const isReading = definition !== undefined && effectsOf(definition).every(effect => effect === 'read')
    if (isReading && isWhole(args)) calls.push({ tool, arguments: args })
  }
  const latest: TrialCall[] = []
  for (const call of calls.toReversed())
    if (latest.length < callsMax && !latest.some(other => isSameCall(other, call))) latest.push(call)
  return latest
}

function isSameCall(a: TrialCall, b: TrialCall): boolean {
  return a.tool === b.tool && isSameJson(a.arguments, b.arguments)
}

// What the record puts in the place of a secret, of what is too long, and of characters that cannot be seen. A text that
// looks so by itself is left out with them.
const lost = /\[(?:redacted|…)|…\]|\\(?:n|r|t|u\{)/u

function isWhole(args: JsonObject): boolean {
  return JSON.stringify(args).length <= charsMax && isUncut(args)
}

function isUncut(value: Json | undefined): boolean {
  if (typeof value === 'string') return !lost.test(value)
  if (Array.isArray(value)) return value.every(isUncut)
  if (!isObject(value)) return true
  return Object.entries(value).every(([name, each]) => name !== '…' && !lost.test(name) && isUncut(each))
}
