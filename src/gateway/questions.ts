import { isObject, type Json, type JsonObject, step } from '../core/json.ts'
import { type Reading, readReply, readRequest } from '../wire/decode.ts'
import { type Envelope, editedFrame, type Frame, frameOf } from '../wire/envelope.ts'
import { type Desk, judge, type Matter, type Ruling } from './judge.ts'

/**
 * Judges a message, and besides it every question to the client, or reply to one, that it carries inside. In the modern
 * era a server asks in its answers: else a rule about questions would hold for the old way of asking alone.
 */
export function judgeWhole(desk: Desk, matter: Matter): Ruling | Promise<Ruling> {
  const ruled = judgeSigned(desk, matter)
  return placesIn(matter).length === 0 ? ruled : judgeInside(desk, matter, ruled)
}

/**
 * A question to a person says who asks where a client knows several servers as one: else any of them could ask for the
 * login of another in its name.
 */
function judgeSigned(desk: Desk, matter: Matter): Ruling | Promise<Ruling> {
  const ruled = judge(desk, matter)
  if (matter.body.kind !== 'elicitation.request' || desk.isAlone?.() !== false) return ruled
  return ruled instanceof Promise ? ruled.then(one => signed(one, matter)) : signed(ruled, matter)
}

function signed(ruling: Ruling, { server, root }: Matter): Ruling {
  if (ruling.kind === 'refuse') return ruling
  const payload = payloadOf(ruling.frame.envelope)
  const said = isObject(payload) && typeof payload['message'] === 'string' ? payload['message'] : ''
  const set = `The server ${server} asks: ${said}`
  return { ...ruling, frame: editedFrame(ruling.frame, [{ at: `${root}/message`, set }]) }
}

/** One message asks for a few things at once; who asks for more wants nobody to read them. */
const questionsMax = 32

async function judgeInside(desk: Desk, matter: Matter, ruled: Ruling | Promise<Ruling>): Promise<Ruling> {
  const whole = await ruled
  if (whole.kind === 'refuse') return whole
  let { frame } = whole
  let questions = 0
  for (const place of placesIn({ ...matter, payload: payloadOf(frame.envelope) })) {
    for (const [key, item] of Object.entries(place.items)) {
      questions += 1
      const inner = matter.from === 'client' ? replyIn(item) : place.isBare ? bareQuestion(item) : questionIn(item)
      if (inner === undefined || questions > questionsMax) return unreadable(whole, matter)
      const ruling = await judgeSigned(desk, { ...matter, ...inner })
      if (ruling.kind === 'refuse') return ruling
      if (ruling.frame !== inner.frame)
        frame = putBack(frame, `${place.at}${step(key)}${inner.under}`, ruling.frame.envelope)
    }
  }
  return { ...whole, frame }
}

type Place = {
  readonly at: string
  readonly items: JsonObject | readonly Json[]
  /** Each item is what a question says, without its method. */
  readonly isBare?: true
}

/** Where questions, or replies to them, stand in a message: at its top, in the task that it tells of, or in an error. */
function placesIn({ payload, root, from }: Pick<Matter, 'payload' | 'root' | 'from'>): readonly Place[] {
  if (!isObject(payload)) return []
  const member = from === 'server' ? 'inputRequests' : 'inputResponses'
  const { task, data } = payload
  const holders = [{ at: root, holder: payload }, ...(isObject(task) ? [{ at: `${root}/task`, holder: task }] : [])]
  const places = holders.flatMap(({ at, holder }): Place[] => {
    const items = holder[member]
    return typeof items === 'object' && items !== null ? [{ at: `${at}/${member}`, items }] : []
  })
  // A call that fails until the person went somewhere: the addresses stand in the data of its error.
  const bare = from === 'server' && isObject(data) ? data['elicitations'] : undefined
  if (typeof bare !== 'object' || bare === null) return places
  return [...places, { at: `${root}/data/elicitations`, items: bare, isBare: true }]
}

function payloadOf(envelope: Envelope): Json {
  switch (envelope.kind) {
    case 'result':
      return envelope.result
    case 'error':
      return { ...envelope.error }
    default:
      return envelope.params
  }
}

type Inner = Reading & { readonly frame: Frame; readonly under: '' | '/params' }

/** A question as it would read if the server had sent it as a request of its own. */
function questionIn(item: Json | undefined): Inner | undefined {
  if (!isObject(item)) return undefined
  const { method, params = {} } = item
  if (typeof method !== 'string' || !isObject(params)) return undefined
  const envelope = { kind: 'request', id: 'inside', method, params } as const
  return { ...readRequest(envelope, 'server'), frame: frameOf(envelope), under: '/params' }
}

function bareQuestion(item: Json | undefined): Inner | undefined {
  const inner = questionIn({ method: 'elicitation/create', params: item })
  return inner === undefined ? undefined : { ...inner, under: '' }
}

/** A reply says by its members what it replies to: forms have an action, models a role. */
function replyIn(item: Json | undefined): Inner | undefined {
  if (!isObject(item)) return undefined
  const method = 'action' in item ? 'elicitation/create' : 'role' in item ? 'sampling/createMessage' : 'roots/list'
  const asked = readRequest({ kind: 'request', id: 'inside', method, params: {} }, 'server')
  const envelope = { kind: 'result', id: 'inside', result: item } as const
  return { ...readReply(asked.body, envelope, method), frame: frameOf(envelope), under: '' }
}

function putBack(frame: Frame, at: string, changed: Envelope): Frame {
  return editedFrame(frame, [{ at, set: payloadOf(changed) }])
}

function unreadable({ message, decision }: Ruling, { from }: Matter): Ruling {
  const code = from === 'client' ? 'malformed' : 'blocked'
  const text = `A question inside this message cannot be read, or there are more than ${questionsMax}; it was not passed on.`
  return { kind: 'refuse', message, decision, refusal: { code, text, details: { id: message.id } } }
}
