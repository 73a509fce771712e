import { isObject, type Json, type JsonObject, type JsonPointer } from '../core/json.ts'
import { type Body, type SurfacePart, toolIn } from '../core/message.ts'
import type { Envelope } from './envelope.ts'

/** What a frame means: its body, and where in the JSON-RPC message all that guards may read stands. */
export type Reading = { readonly body: Body; readonly root: JsonPointer; readonly payload: Json }

type Request = Extract<Envelope, { kind: 'request' }>
type Notification = Extract<Envelope, { kind: 'notification' }>
type Answer = Extract<Envelope, { kind: 'result' | 'error' }>

/** Reads a request of either side. A method that nobody knows is a message too: `other`. */
export function readRequest({ method, params }: Request, from: 'client' | 'server'): Reading {
  const body = from === 'client' ? clientRequest(method, params) : serverRequest(method, params)
  return { body, root: '/params', payload: params }
}

function clientRequest(method: string, params: JsonObject): Body {
  switch (method) {
    case 'tools/call':
      return { kind: 'tool.call', tool: textOf(params['name']), args: params['arguments'] ?? {} }
    case 'resources/read':
    case 'resources/subscribe':
      return { kind: 'resource.read', uri: textOf(params['uri']) }
    case 'prompts/get':
      return { kind: 'prompt.get', prompt: textOf(params['name']), args: params['arguments'] ?? {} }
    default:
      return { kind: 'other', method, phase: 'request', value: params }
  }
}

function serverRequest(method: string, params: JsonObject): Body {
  switch (method) {
    case 'sampling/createMessage':
      return { kind: 'sampling.request', params }
    case 'elicitation/create':
      return { kind: 'elicitation.request', params }
    default:
      return { kind: 'other', method, phase: 'request', value: params }
  }
}

export function readNotification({ method, params }: Notification): Reading {
  return { body: { kind: 'notification', method, params }, root: '/params', payload: params }
}

/** Reads an answer in the light of what it answers; `asked` is the body that `readRequest` made of the request. */
export function readReply(asked: Body, answer: Answer, method: string): Reading {
  if (answer.kind === 'error') return readError(asked, answer, method)
  return { body: resultBody(asked, answer.result, method), root: '/result', payload: answer.result }
}

function readError(asked: Body, { error }: Extract<Answer, { kind: 'error' }>, method: string): Reading {
  // Members beyond those of JSON-RPC are forwarded too, so guards must see them.
  const plain: JsonObject = { ...error }
  const about = toolIn(asked)
  const tool = about === undefined ? {} : { tool: about }
  return { body: { kind: 'error', method, ...tool, error: plain }, root: '/error', payload: plain }
}

const lists: ReadonlyMap<string, readonly [SurfacePart, string]> = new Map([
  ['tools/list', ['tools', 'tools']],
  ['prompts/list', ['prompts', 'prompts']],
  ['resources/list', ['resources', 'resources']],
  ['resources/templates/list', ['templates', 'resourceTemplates']],
])

function resultBody(asked: Body, value: Json, method: string): Body {
  const result = isObject(value) ? value : {}
  switch (asked.kind) {
    case 'tool.call':
      return { kind: 'tool.result', tool: asked.tool, args: asked.args, result }
    case 'resource.read':
      return { kind: 'resource.content', uri: asked.uri, result }
    case 'prompt.get':
      return { kind: 'prompt.result', prompt: asked.prompt, result }
    case 'sampling.request':
      return { kind: 'sampling.result', result }
    case 'elicitation.request':
      return { kind: 'elicitation.result', result }
    default:
      if (taskAnswers.has(method)) return { kind: 'tool.result', ...calledIn(asked), result }
      return surfaceBody(method, value) ?? { kind: 'other', method, phase: 'result', value }
  }
}

function calledIn(asked: Body): { tool: string; args: Json } {
  return (asked.kind === 'other' ? asked.call : undefined) ?? { tool: '', args: {} }
}

// What a task ends with arrives in answer to one of these. Where nobody knows which call started the task, it is a tool's
// result all the same and meets the guards of one.
const taskAnswers: ReadonlySet<string> = new Set(['tasks/get', 'tasks/result', 'tasks/update'])

function surfaceBody(method: string, value: Json): Body | undefined {
  if (!isObject(value)) return undefined
  if (method === 'initialize' || method === 'server/discover')
    return { kind: 'server.surface', part: 'server', items: [value] }
  const list = lists.get(method)
  if (list === undefined) return undefined
  const items = value[list[1]]
  // What is no object keeps its place: an edit that takes out the third item must find it where the guards saw it.
  const inPlace = Array.isArray(items) ? items.map(item => (isObject(item) ? item : {})) : []
  return { kind: 'server.surface', part: list[0], items: inPlace }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
