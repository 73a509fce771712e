import type { Edit } from './finding.ts'
import { isObject, type Json, type JsonPointer, pointerKeys } from './json.ts'

/** Applies edits to a copy of a message. Text edits of one string are applied back to front; overlaps are merged. */
export function applyEdits(root: Json, edits: readonly Edit[]): Json {
  const byPlace = Map.groupBy(edits, edit => edit.at)
  let changed = root
  // Deepest and last first, so that removing an item never moves the place of an edit still to come.
  for (const at of [...byPlace.keys()].sort(comparePlaces).reverse())
    changed = replaceAt(changed, pointerKeys(at), value => editValue(value, byPlace.get(at) ?? []))
  return changed
}

const removed = Symbol('removed')
type Change = (value: Json | undefined) => Json | typeof removed | undefined

function comparePlaces(a: JsonPointer, b: JsonPointer): number {
  const [left, right] = [pointerKeys(a), pointerKeys(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareKeys(left[i] ?? '', right[i] ?? '')
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareKeys(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)]
  if (Number.isInteger(x) && Number.isInteger(y)) return x - y
  return a < b ? -1 : Number(a > b)
}

function editValue(value: Json | undefined, edits: readonly Edit[]): Json | typeof removed | undefined {
  if (edits.some(edit => 'remove' in edit)) return removed
  const set = edits.find(edit => 'set' in edit)
  if (set !== undefined && 'set' in set) return set.set
  if (typeof value !== 'string') return value
  return cut(
    value,
    edits.flatMap(edit => ('put' in edit ? [edit] : [])),
  )
}

type Cut = Extract<Edit, { put: string }>

function cut(text: string, cuts: readonly Cut[]): string {
  const sorted = [...cuts].sort((a, b) => a.from - b.from || b.to - a.to)
  let out = ''
  let done = 0
  for (const { from, to, put } of sorted) {
    if (to <= done && from < done) continue
    if (from >= done) out += text.slice(done, from) + put
    done = Math.max(done, to)
  }
  return out + text.slice(done)
}

function replaceAt(here: Json | undefined, keys: readonly string[], change: Change): Json {
  const next = keys.length === 0 ? change(here) : descend(here, keys, change)
  return next === removed || next === undefined ? null : next
}

function descend(here: Json | undefined, [key = '', ...rest]: readonly string[], change: Change): Json | undefined {
  if (Array.isArray(here)) {
    const value = rest.length === 0 ? change(here[Number(key)]) : replaceAt(here[Number(key)], rest, change)
    return value === removed ? here.toSpliced(Number(key), 1) : here.with(Number(key), value ?? null)
  }
  if (!isObject(here)) return here
  const value = rest.length === 0 ? change(here[key]) : replaceAt(here[key], rest, change)
  if (value !== removed) return { ...here, [key]: value }
  const { [key]: _, ...others } = here
  return others
}
