import { createHash } from 'node:crypto'
import type { Brand } from '../core/brand.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'

/** Names one definition, whatever the order of its members. */
export type ItemHash = Brand<string, 'ItemHash'>

/** What is deeper cannot be compared, so it counts as unreadable and never as the same. */
export const depthMax = 100

/** One spelling per value: members in order of their names. Undefined when it is too deep. */
export function canonical(value: Json | undefined): string | undefined {
  const out: string[] = []
  return write(value, 0, out) ? out.join('') : undefined
}

/** The digest of an item as a model reads it; undefined when it is too deep to compare. */
export function hashOf(item: JsonObject): ItemHash | undefined {
  const text = canonical(item)
  // A prefix, so that the digest of an item is the digest of nothing else.
  return text === undefined
    ? undefined
    : (createHash('sha256').update(`sallyport item 1\n${text}`).digest('hex') as ItemHash)
}

function write(value: Json | undefined, depth: number, out: string[]): boolean {
  if (depth > depthMax) return false
  if (Array.isArray(value)) return writeItems(value, depth, out)
  if (isObject(value)) return writeMembers(value, depth, out)
  out.push(value === undefined ? 'null' : JSON.stringify(value))
  return true
}

function writeItems(items: readonly Json[], depth: number, out: string[]): boolean {
  out.push('[')
  for (const item of items) {
    if (!write(item, depth + 1, out)) return false
    out.push(',')
  }
  out.push(']')
  return true
}

function writeMembers(value: JsonObject, depth: number, out: string[]): boolean {
  out.push('{')
  for (const key of Object.keys(value).sort()) {
    if (value[key] === undefined) continue
    out.push(JSON.stringify(key), ':')
    if (!write(value[key], depth + 1, out)) return false
    out.push(',')
  }
  out.push('}')
  return true
}
