import type { ServerName } from '../core/brand.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { Reading } from '../wire/decode.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import { splice } from '../wire/splice.ts'
import type { Conversation, Flight } from './conversation.ts'
import type { Desk } from './judge.ts'
import type { Task, TaskPlace } from './task-register.ts'
import type { Upstream } from './upstream.ts'

type Where = { readonly conversation: Conversation; readonly upstream: Pick<Upstream, 'server' | 'kind'> }

/** A request about a task, read as being about the call that started it. */
export function readTask(desk: Desk, where: Where, reading: Reading): Reading & { readonly isForeignTask?: true } {
  const { body } = reading
  if (body.kind !== 'other' || !body.method.startsWith('tasks/')) return reading
  const id = taskIdIn(body.value)
  // 7, ["7"] and "7" name the same task to a server that is not strict, and to nobody here: such a task is nobody's.
  if (id === undefined && isObject(body.value) && 'taskId' in body.value) return { ...reading, isForeignTask: true }
  const task = taskFor(desk, where, id)
  if (task === undefined) return reading
  const { tool, args, principal } = task
  const read = { ...reading, body: { ...body, call: { tool, args } } }
  return principal === where.conversation.principal ? read : { ...read, isForeignTask: true }
}

function taskFor(desk: Desk, { conversation, upstream }: Where, id: string | undefined): Task | undefined {
  if (id === undefined) return undefined
  const own = conversation.tasks.get(id)
  return own?.server === upstream.server ? own : desk.tasks.find(placeOf({ conversation, upstream }, id))
}

/** The tool that a request is about: the one that it calls, or that a task was started with. */
export function toolWanted(desk: Desk, where: Where, { method, params }: { method: string; params: JsonObject }) {
  if (method === 'tools/call') return params['name']
  if (!method.startsWith('tasks/')) return undefined
  return taskFor(desk, where, taskIdIn(params))?.tool || undefined
}

/** The one server on which a principal has a task of that id. */
export function serverOfTask(
  desk: Desk,
  conversation: Conversation,
  about: { id: string | undefined; upstreams: readonly Where['upstream'][] },
): ServerName | undefined {
  const { id, upstreams } = about
  if (id === undefined) return undefined
  const own = conversation.tasks.get(id)?.server
  if (own !== undefined) return own
  const found = upstreams.filter(upstream => {
    return desk.tasks.find(placeOf({ conversation, upstream }, id))?.principal === conversation.principal
  })
  return found.length === 1 ? found[0]?.server : undefined
}

export function taskIdIn(params: unknown): string | undefined {
  const id = isObject(params) ? params['taskId'] : undefined
  return typeof id === 'string' ? id : undefined
}

/** The answer to `tasks/list` without the tasks of others: a server that speaks HTTP may keep those of all principals. */
export function withOwnTasks(desk: Desk, where: Where, { method, frame }: { method: string; frame: Frame }): Frame {
  const { envelope, bytes } = frame
  if (method !== 'tasks/list' || where.upstream.kind !== 'http' || envelope.kind !== 'result') return frame
  const result = isObject(envelope.result) ? envelope.result : {}
  const { tasks } = result
  if (tasks === undefined) return frame
  const own = Array.isArray(tasks) ? tasks.filter(task => isOwn(desk, where, task)) : []
  if (Array.isArray(tasks) && own.length === tasks.length) return frame
  const shown = frameOf({ ...envelope, result: { ...result, tasks: own } })
  return { ...frame, ...shown, bytes: splice(bytes, [{ path: ['result', 'tasks'], put: own }]) ?? shown.bytes }
}

// What nobody saw begin could be anybody's.
function isOwn(desk: Desk, where: Where, task: Json): boolean {
  return taskFor(desk, where, taskIdIn(task))?.principal === where.conversation.principal
}

/** Tasks that one conversation may have going at once; the register knows more of them. */
const tasksMax = 1000

/** A task belongs to the server that made it and to the call that it was made for; who claims the same id later is not believed. */
export function noteTask(desk: Desk, conversation: Conversation, said: { result: unknown; flight: Flight }): void {
  const { result, flight } = said
  const { body, upstream, method } = flight
  if (!isObject(result) || method.startsWith('tasks/')) return
  const id = taskIdIn(isObject(result['task']) ? result['task'] : result)
  if (id === undefined) return
  const called = body.kind === 'tool.call' ? { tool: body.tool, args: body.args } : { tool: '', args: {} }
  const task = { ...called, principal: conversation.principal }
  const { tasks } = conversation
  if (!tasks.has(id) && tasks.size < tasksMax) tasks.set(id, { ...task, server: upstream.server })
  desk.tasks.note(placeOf({ conversation, upstream }, id), task)
}

function placeOf({ conversation, upstream }: Where, id: string): TaskPlace {
  const { server, kind } = upstream
  return { server, id, ...(kind === 'stdio' ? { of: conversation.principal } : {}) }
}
