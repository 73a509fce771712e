import { isObject, type Json, type JsonPointer, step } from '../core/json.ts'

/** A string of a message and where it stands. For a key, `at` is the member that bears it. */
export type Leaf = { readonly at: JsonPointer; readonly text: string; readonly isKey: boolean }

export type Leaves = {
  /** In document order: what a model reads next to each other stands next to each other. */
  readonly leaves: readonly Leaf[]
  /** How many values lay beyond the bounds and were not read; a guard that needs them all must say so. */
  readonly left: number
}

export const leafBounds = { leaves: 100_000, depth: 256 } as const

const seen = new WeakMap<object, Map<JsonPointer, Leaves>>()

/** Every string of a message with its pointer, keys too. Walked once per payload, however many guards ask. */
export function leavesOf({ root, payload }: { readonly root: JsonPointer; readonly payload: Json }): Leaves {
  if (payload === null || typeof payload !== 'object') return walk(root, payload)
  const byRoot = seen.get(payload) ?? new Map<JsonPointer, Leaves>()
  if (byRoot.size === 0) seen.set(payload, byRoot)
  const known = byRoot.get(root) ?? walk(root, payload)
  byRoot.set(root, known)
  return known
}

type Walk = { readonly leaves: Leaf[]; left: number }

function walk(root: JsonPointer, payload: Json): Leaves {
  const notes: Walk = { leaves: [], left: 0 }
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
  else notes.leaves.push(leaf)
}
