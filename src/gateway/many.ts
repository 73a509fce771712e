import type { ServerName } from '../core/brand.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import { carry } from './carry.ts'
import type { Conversation, Errand } from './conversation.ts'
import { ownerOf } from './directory.ts'
import { setLevelEverywhere, subscribeEverywhere } from './fan.ts'
import { discoverAll, greetAll } from './greet.ts'
import type { Floor } from './hub.ts'
import { type ListMethod, listMembers } from './list.ts'
import { looked, mayLookAgain } from './look-again.ts'
import { mergedList } from './merge.ts'
import { hasDigest, type Owned } from './naming.ts'
import { knowTools, renumbered } from './single.ts'
import { serverOfTask, taskIdIn, toolWanted } from './task.ts'

/** Several servers behind one endpoint: lists are merged, calls find their server by name, the rest by what it is about. */
export async function carryMany(floor: Floor, conversation: Conversation, exchange: Errand): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return
  const { method, params } = envelope
  if (isList(method)) return answer(exchange, await mergedList(floor, { conversation, exchange, method }))
  switch (method) {
    case 'initialize':
      return answer(exchange, await greetAll(floor, conversation, exchange), sessionHeaders(conversation, exchange))
    case 'ping':
      return answer(exchange, {})
    case 'server/discover':
      return answer(exchange, await discoverAll(floor, conversation, exchange))
    case 'logging/setLevel':
      return setLevelEverywhere(floor, conversation, exchange)
    case 'subscriptions/listen':
      return subscribeEverywhere(floor, conversation, exchange)
    default:
      return forward(floor, {
        conversation,
        exchange,
        aim: await aimOf(floor, { conversation, exchange, method, params }),
      })
  }
}

function isList(method: string): method is ListMethod {
  return Object.hasOwn(listMembers, method)
}

/** A request as one server shall see it. */
type Aim = { readonly server: ServerName; readonly params: JsonObject }
type Question = { conversation: Conversation; exchange: Errand; method: string; params: JsonObject }

async function aimOf(floor: Floor, question: Question): Promise<Aim | string> {
  const { method, params } = question
  switch (method) {
    case 'tools/call':
      return byName(params, await lookUp(floor, question, 'tools/list'))
    case 'prompts/get':
      return byName(params, await lookUp(floor, question, 'prompts/list'))
    case 'resources/read':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return byUri(floor, question)
    case 'completion/complete':
      return byReference(floor, question)
    default:
      return byTask(floor, question)
  }
}

async function lookUp(
  floor: Floor,
  question: Question,
  method: 'tools/list' | 'prompts/list',
): Promise<Owned<ServerName> | undefined> {
  const { conversation, exchange } = question
  const shelf = listMembers[method]
  const name = String(question.params['name'] ?? '')
  const known = conversation.directory[shelf].get(name)
  if (known !== undefined) return known
  const claimed = byPrefix(floor, name)
  // It says whose it is, so that nobody waits for the lists of others: one that stalls would hold up every first call.
  if (claimed.length === 1 && !hasDigest(name)) return claimed[0]
  // Asked for before any list was, or listed since.
  await lookAgain(floor, { conversation, exchange, method })
  return conversation.directory[shelf].get(name) ?? claimed[0]
}

/** Lists anew what every server has; made-up names must not make the servers list at the rate of the requests. */
async function lookAgain(floor: Floor, wanted: Parameters<typeof mergedList>[1]): Promise<void> {
  const { conversation, method } = wanted
  if (!mayLookAgain(conversation, method, floor.desk.now())) return
  looked(conversation, method, floor.desk.now())
  await mergedList(floor, wanted)
}

/** A name that nobody lists but that says whose it would be: its server's guards decide, and the record knows of it. */
function byPrefix(floor: Floor, name: string): readonly Owned<ServerName>[] {
  const servers = [...floor.servers().keys()].filter(server => name.startsWith(`${server}__`))
  return servers.map(server => ({ server, name: name.slice(server.length + 2) }))
}

function byName(params: JsonObject, owner: Owned<ServerName> | undefined): Aim | string {
  if (owner === undefined)
    return `no server has ${JSON.stringify(String(params['name'] ?? '')).slice(0, 120)}; list again`
  return { server: owner.server, params: { ...params, name: owner.name } }
}

async function byUri(floor: Floor, { conversation, exchange, params }: Question): Promise<Aim | string> {
  const uri = String(params['uri'] ?? '')
  const servers = [...floor.servers().keys()]
  const find = () => ownerOf(conversation.directory, uri, servers)
  if (find() === undefined) await lookAgain(floor, { conversation, exchange, method: 'resources/list' })
  if (find() === undefined) await lookAgain(floor, { conversation, exchange, method: 'resources/templates/list' })
  const owner = find()
  if (owner === undefined)
    return `no server, or more than one, has the resource ${JSON.stringify(uri).slice(0, 200)}; name one as server+uri`
  return { server: owner.server, params: { ...params, uri: owner.name } }
}

async function byReference(floor: Floor, question: Question): Promise<Aim | string> {
  const reference = isObject(question.params['ref']) ? question.params['ref'] : {}
  const inner = { ...question, params: reference }
  const aim =
    reference['type'] === 'ref/prompt'
      ? byName(reference, await lookUp(floor, inner, 'prompts/list'))
      : await byUri(floor, inner)
  return typeof aim === 'string' ? aim : { server: aim.server, params: { ...question.params, ref: aim.params } }
}

/** Tasks live where they were made; every other method could be meant for anyone, so it is for no one. */
function byTask(floor: Floor, { conversation, method, params }: Question): Aim | string {
  const upstreams = [...floor.servers()].map(([server, { kind }]) => ({ server, kind }))
  const server = serverOfTask(floor.desk, conversation, { id: taskIdIn(params), upstreams })
  if (server !== undefined && floor.servers().has(server)) return { server, params }
  return `${method.slice(0, 100)} cannot be told apart between several servers`
}

type Forwarding = { conversation: Conversation; exchange: Errand; aim: Aim | string }

async function forward(floor: Floor, { conversation, exchange, aim }: Forwarding): Promise<void> {
  if (typeof aim === 'string') return fail(exchange, aim)
  const upstream = floor.pool.upstreamFor(conversation, aim.server)
  const aimed = { ...exchange, frame: retold(exchange.frame, aim.params) }
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return
  const tool = toolWanted(floor.desk, { conversation, upstream }, { method: envelope.method, params: aim.params })
  const isCall = envelope.method === 'tools/call'
  if ((isCall || tool !== undefined) && !(await knowTools(floor, { exchange, upstream, tool }))) return
  const route = conversation.isCrowded ? renumbered(aimed, upstream) : { upstream, frame: aimed.frame }
  await carry(floor.desk, { conversation, exchange: withoutRelay(exchange), route, isShared: true })
}

/** Events of one server's stream mean nothing on an endpoint that speaks for several: the link resumes by itself. */
function withoutRelay({ relay: _, ...exchange }: Errand): Errand {
  return exchange
}

function retold(frame: Frame, params: JsonObject): Frame {
  const { envelope } = frame
  return envelope.kind === 'request' ? frameOf({ ...envelope, params }) : frame
}

function sessionHeaders(conversation: Conversation, exchange: Errand): Readonly<Record<string, string>> {
  return exchange.relay === undefined ? {} : { 'mcp-session-id': conversation.id }
}

async function answer(exchange: Errand, result: Json | undefined, headers = {}): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return
  if (result === undefined) return fail(exchange, `${envelope.method} is not offered here`)
  await exchange.end({ frame: frameOf({ kind: 'result', id: envelope.id, result }), http: { status: 200, headers } })
}

async function fail(exchange: Errand, why: string): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return
  const code = ['tools/call', 'prompts/get', 'resources/read'].includes(envelope.method) ? -32602 : -32601
  await exchange.end({ frame: frameOf({ kind: 'error', id: envelope.id, error: { code, message: why } }) })
}
