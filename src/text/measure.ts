import { isObject, type Json, type JsonPointer, step } from '../core/json.ts'

/** How large a value is in each way that can hurt. */
export type Measures = {
  readonly depth: number
  /** Items of the longest list, or members of the largest object. */
  readonly items: number
  /** UTF-16 units of all strings and keys together, and of the longest one. */
  readonly chars: number
  readonly longest: number
  /** The largest number, sign aside. */
  readonly number: number
}

/** Beyond this depth nothing is read: the depth alone condemns the value. */
export const measuredDepthMax = 512

/** Measures a value in one walk. */
export function measure(value: Json | undefined): Measures {
  const tally = { depth: 0, items: 0, chars: 0, longest: 0, number: 0 }
  visit(tally, value, 0)
  return tally
}

type Tally = { -readonly [K in keyof Measures]: number }

function visit(tally: Tally, value: Json | undefined, depth: number): void {
  if (typeof value === 'string') addText(tally, value)
  else if (typeof value === 'number') tally.number = Math.max(tally.number, Math.abs(value))
  else if (value === null || typeof value !== 'object') return
  else visitMembers(tally, value, depth + 1)
}

function visitMembers(tally: Tally, value: object & Json, depth: number): void {
  if (depth > tally.depth) tally.depth = depth
  if (depth > measuredDepthMax) return
  if (!isObject(value)) {
    if (value.length > tally.items) tally.items = value.length
    for (const item of value) visit(tally, item, depth)
    return
  }
  const keys = Object.keys(value)
  if (keys.length > tally.items) tally.items = keys.length
  for (const key of keys) {
    addText(tally, key)
    visit(tally, value[key], depth)
  }
}

function addText(tally: Tally, text: string): void {
  tally.chars += text.length
  if (text.length > tally.longest) tally.longest = text.length
}

/** Where the first value stands that fits; undefined if none does. Only asked once something was measured too large. */
export function placeOf(value: Json | undefined, fits: (value: Json) => boolean): JsonPointer | undefined {
  return find(value, { at: '', depth: 0 }, fits)
}

type Place = { readonly at: JsonPointer; readonly depth: number }

function find(value: Json | undefined, { at, depth }: Place, fits: (value: Json) => boolean): JsonPointer | undefined {
  if (value === undefined || depth > measuredDepthMax) return undefined
  if (fits(value)) return at
  if (value === null || typeof value !== 'object') return undefined
  for (const [key, inner] of Object.entries(value)) {
    const found = find(inner, { at: at + step(key), depth: depth + 1 }, fits)
    if (found !== undefined) return found
  }
  return undefined
}
