import { type Effect, effectsOf } from '../core/capability.ts'
import type { Finding } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import type { Json } from '../core/json.ts'
import { type Kind, type Message, toolIn } from '../core/message.ts'

/** All that a decision may depend on. */
export type Situation = { readonly message: Message; readonly findings: readonly Finding[]; readonly scene: Scene }

/** What rules match on, read from a situation once. */
export type Facts = {
  readonly kind: Kind
  readonly server: string
  readonly tool: string | undefined
  readonly resource: string | undefined
  readonly prompt: string | undefined
  readonly method: string | undefined
  readonly effects: readonly Effect[]
  readonly principal: string
  readonly role: string
  /** Of the session, and of what guards found in this message. */
  readonly labels: ReadonlySet<string>
  readonly from: 'client' | 'server'
  readonly isRequest: boolean
  readonly args: Json
  readonly result: Json | undefined
  readonly atMs: number
}

/** Kinds that ask somebody to do something; everything else answers or tells. */
const requestKinds: readonly Kind[] = [
  'tool.call',
  'resource.read',
  'prompt.get',
  'sampling.request',
  'elicitation.request',
  'other',
]

/** Reads a situation into what rules match on. */
export function factsOf({ message, findings, scene }: Situation): Facts {
  const { body } = message
  const tool = toolIn(body)
  return {
    kind: body.kind,
    server: message.server,
    tool,
    resource: 'uri' in body ? body.uri : undefined,
    prompt: 'prompt' in body ? body.prompt : undefined,
    method: 'method' in body ? body.method : undefined,
    effects: effectsIn(scene, message, tool),
    principal: message.principal,
    role: scene.session.role,
    labels: labelsOf(scene, findings),
    from: message.from,
    isRequest: isRequest(message),
    args: argsOf(message),
    result: 'result' in body ? body.result : undefined,
    atMs: message.atMs,
  }
}

/** Whether a message asks for something to be done, by either side. */
export function isRequest({ body }: Message): boolean {
  return body.kind === 'other' ? body.phase === 'request' : requestKinds.includes(body.kind)
}

const reading: readonly Effect[] = ['read']

function effectsIn(scene: Scene, { body }: Message, tool: string | undefined): readonly Effect[] {
  // To ask how a task goes does nothing of what its tool does.
  if (body.kind === 'other') return []
  if (tool !== undefined) return scene.tool?.effects ?? effectsOf({ name: tool })
  return body.kind === 'resource.read' || body.kind === 'prompt.get' ? reading : []
}

function labelsOf(scene: Scene, findings: readonly Finding[]): ReadonlySet<string> {
  const found = findings.flatMap(({ labels = [] }) => labels)
  return new Set(found.length === 0 ? scene.session.labels : [...scene.session.labels, ...found])
}

function argsOf({ body }: Message): Json {
  if ('args' in body) return body.args
  if ('params' in body) return body.params
  return body.kind === 'other' && body.phase === 'request' ? body.value : {}
}
