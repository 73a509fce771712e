import { isObject, type Json, type JsonPointer, step } from '../core/json.ts'
import { lastFew } from './last-few.ts'

/** A string of a message and where it stands. For a key, `at` is the member that bears it. */
export type Leaf = { readonly at: JsonPointer; readonly text: string; readonly isKey: boolean }

export type Leaves = {
  /** In document order: what a model reads next to each other stands next to each other. */
  readonly leaves: readonly Leaf[]
  /** How many values lay beyond the bounds and were not read; a guard that needs them all must say so. */
  readonly left: number
  /** How long the strings are together. */
  readonly units: number
}

export const leafBounds = { leaves: 100_000, depth: 256 } as const

const seen = lastFew<object, Map<JsonPointer, Leaves>>()

/** Every string of a message with its pointer, keys too. Walked once per payload, however many guards ask. */
export function leavesOf({ root, payload }: Tree): Leaves {
  if (payload === null || typeof payload !== 'object') return leavesIn({ root, payload })
  const byRoot = seen.get(payload) ?? new Map<JsonPointer, Leaves>()
  const known = byRoot.get(root)
  if (known !== undefined) return known
  const leaves = leavesIn({ root, payload })
  byRoot.set(root, leaves)
  seen.set(payload, byRoot, leaves.units)
  return leaves
}

type Tree = { readonly root: JsonPointer; readonly payload: Json }
type Walk = { readonly leaves: Leaf[]; left: number; units: number }

/** The same for a part of a message, which only one asks for: it takes no message's place among those that are kept. */
export function leavesIn({ root, payload }: Tree): Leaves {
  const notes: Walk = { leaves: [], left: 0, units: 0 }
  visit(notes, payload, { at: root, depth: 0 })
  return notes
}

type Place = { readonly at: JsonPointer; readonly depth: number }

function visit(notes: Walk, value: Json | undefined, { at, depth }: Place): void {
  if (typeof value === 'string') add(notes, { at, text: value, isKey: false })
  else if (value === null || typeof value !== 'object') return
  else if (depth >= leafBounds.depth || notes.leaves.length >= leafBounds.leaves) notes.left++
  else if (isObject(value)) visitMembers(notes, value, { at, depth })
  else for (let i = 0; i < value.length; i++) visit(notes, value[i], { at: `${at}/${i}`, depth: depth + 1 })
}

function visitMembers(notes: Walk, value: Readonly<Record<string, Json | undefined>>, { at, depth }: Place): void {
  for (const key of Object.keys(value)) {
    const here = at + step(key)
    add(notes, { at: here, text: key, isKey: true })
    visit(notes, value[key], { at: here, depth: depth + 1 })
  }
}

function add(notes: Walk, leaf: Leaf): void {
  if (leaf.text === '') return
  if (notes.leaves.length >= leafBounds.leaves) notes.left++
  else {
    notes.leaves.push(leaf)
    notes.units += leaf.text.length
  }
}
