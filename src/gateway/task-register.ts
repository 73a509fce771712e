import { createHash } from 'node:crypto'
import type { Principal, ServerName } from '../core/brand.ts'
import { isObject, type Json } from '../core/json.ts'

/** The call that started a task, and whose it is. */
export type Task = { readonly principal: Principal; readonly tool: string; readonly args: Json }

export type TaskPlace = {
  readonly server: ServerName
  readonly id: string
  /** Where each principal has processes of its own, the same id names different tasks. */
  readonly of?: Principal
}

/** Which task was started by which call, beyond conversations and restarts. */
export type TaskRegister = {
  note(place: TaskPlace, task: Task): void
  find(place: TaskPlace): Task | undefined
}

/** What outlives a restart; arguments do not, because they can hold secrets. */
export type KeptTasks = {
  get(key: string): Json | undefined
  set(key: string, value: Json, ttlMs: number): void
}

const tasksMax = 10_000
const argsMax = 16 * 1024
const keptMs = 7 * 86_400_000

export function newTaskRegister(kept?: KeptTasks): TaskRegister {
  // Insertion order is age: the first is the oldest.
  const recent = new Map<string, Task>()
  const remember = (key: string, task: Task): Task => {
    recent.delete(key)
    recent.set(key, task)
    const [oldest] = recent.keys()
    if (recent.size > tasksMax && oldest !== undefined) recent.delete(oldest)
    return task
  }
  const find: TaskRegister['find'] = place => {
    const key = keyOf(place)
    const known = recent.get(key)
    if (known !== undefined) return known
    const stored = taskIn(kept?.get(key))
    return stored === undefined ? undefined : remember(key, stored)
  }
  return {
    find,
    note(place, { principal, tool, args }) {
      const before = find(place)
      // The first call that was told an id has it: a server must not hand one user's task to another by naming it twice.
      if (before !== undefined && (before.principal !== principal || place.of === undefined)) return
      const isShort = (JSON.stringify(args) ?? '').length <= argsMax
      remember(keyOf(place), { principal, tool, args: isShort ? args : {} })
      kept?.set(keyOf(place), { principal, tool: tool.slice(0, 1_000) }, keptMs)
    },
  }
}

/** Ids are the server's and of any length; what is kept is short. */
function keyOf({ server, id, of = '' as Principal }: TaskPlace): string {
  return createHash('sha256')
    .update(JSON.stringify([server, of, id]))
    .digest('base64url')
    .slice(0, 22)
}

function taskIn(value: Json | undefined): Task | undefined {
  if (!isObject(value)) return undefined
  const { principal, tool } = value
  if (typeof principal !== 'string' || typeof tool !== 'string') return undefined
  return { principal: principal as Principal, tool, args: {} }
}
