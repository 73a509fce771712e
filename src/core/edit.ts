import type { Edit } from './finding.ts'
import { indexOf, isObject, type Json, type JsonObject, type JsonPointer, pointerKeys } from './json.ts'

/**
 * Applies edits to a copy of a message; their order has no effect. At one place removing beats setting, and cuts of one
 * string are merged. An edit whose place does not exist does nothing, except that `set` may add a member to an object.
 */
export function applyEdits(root: Json, edits: readonly Edit[]): Json {
  const tree = newBranch()
  for (const edit of edits) branchFor(tree, edit.at).edits.push(edit)
  const changed = change(root, tree)
  return changed === removed || changed === undefined ? null : changed
}

const removed = Symbol('removed')
type Changed = Json | undefined | typeof removed

// One pass over the touched part of the message: with a copy per edit, a list of hostile items would cost its square.
type Branch = { readonly edits: Edit[]; readonly under: Map<string, Branch> }

function newBranch(): Branch {
  return { edits: [], under: new Map() }
}

function branchFor(tree: Branch, at: JsonPointer): Branch {
  let here = tree
  for (const key of pointerKeys(at)) {
    const next = here.under.get(key) ?? newBranch()
    here.under.set(key, next)
    here = next
  }
  return here
}

function change(value: Json | undefined, branch: Branch): Changed {
  const sets = distinctSets(branch.edits)
  if (branch.edits.some(edit => 'remove' in edit)) return removed
  if (sets.length > 0) return isContested(sets, branch) ? emptied(value) : sets[0]?.set
  if (typeof value === 'string') return cut(value, branch.edits.filter(isCut))
  return changeUnder(value, branch.under)
}

type Put = Extract<Edit, { put: string }>
type Replacement = Extract<Edit, { set: Json }>

function isCut(edit: Edit): edit is Put {
  return 'put' in edit
}

function distinctSets(edits: readonly Edit[]): Replacement[] {
  const sets = edits.flatMap(edit => ('set' in edit ? [edit] : []))
  return sets.length < 2 ? sets : [...new Map(sets.map(edit => [JSON.stringify(edit.set), edit])).values()]
}

// A new value may still hold what another finding wanted to cut out of the old one, so that neither can be trusted.
function isContested(sets: readonly Replacement[], { edits, under }: Branch): boolean {
  return sets.length > 1 || under.size > 0 || edits.some(isCut)
}

function emptied(value: Json | undefined): Json {
  return typeof value === 'string' ? '' : null
}

function changeUnder(value: Json | undefined, under: Branch['under']): Json | undefined {
  if (under.size === 0) return value
  if (Array.isArray(value)) return changeItems(value, under)
  return isObject(value) ? changeMembers(value, under) : value
}

function changeItems(items: readonly Json[], under: Branch['under']): Json {
  const changed: (Json | typeof removed)[] = [...items]
  for (const [key, branch] of under) {
    const index = indexOf(key)
    if (index !== undefined && index < items.length) changed[index] = change(items[index], branch) ?? null
  }
  return changed.filter(item => item !== removed)
}

function changeMembers(object: JsonObject, under: Branch['under']): Json {
  const members = new Map<string, Json | undefined>(Object.entries(object))
  for (const [key, branch] of under) {
    const value = change(members.get(key), branch)
    if (value === removed) members.delete(key)
    else if (value !== undefined) members.set(key, value)
  }
  // Not by assignment: a member named `__proto__` must stay a member.
  return Object.fromEntries(members)
}

function cut(text: string, cuts: readonly Put[]): string {
  let out = ''
  let done = 0
  let last: string | undefined
  for (const { from, to, put } of cuts.map(cut => within(cut, text.length)).sort(compareCuts)) {
    const key = `${from} ${to} ${put}`
    if (from >= done && key !== last) out += text.slice(done, from) + put
    last = key
    done = Math.max(done, to)
  }
  return out + text.slice(done)
}

type Range = { from: number; to: number; put: string }

function within({ from, to, put }: Put, length: number): Range {
  const start = Math.min(Math.max(0, Math.trunc(from) || 0), length)
  return { from: start, to: Math.min(Math.max(start, Math.trunc(to) || 0), length), put }
}

// Insertions stand before a cut that begins at the same place; of two cuts that begin together the longer one speaks.
function compareCuts(a: Range, b: Range): number {
  const isFirst = Number(b.from === b.to) - Number(a.from === a.to)
  return a.from - b.from || isFirst || b.to - a.to || (a.put < b.put ? -1 : Number(a.put > b.put))
}
