import type { ServerName } from '../core/brand.ts'
import type { Finding } from '../core/finding.ts'
import { guard, type Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { boundedFindings, evidenceOf, findingsMax } from '../text/evidence.ts'
import { type MessageReading, readMessage, textKinds } from '../text/reading.ts'
import { isAlways, newMemory } from '../text/remembered.ts'
import { textRuleFaults } from '../text/rule-faults.ts'
import { type Signal, signalsIn } from '../text/signal.ts'
import { toolsOrdered } from '../text/tool-order.ts'

const notice = '[removed by Sallyport: text that gives orders to the assistant]'

export const injection = guard({
  id: 'injection',
  title: 'Text that gives orders to the assistant that reads it, by rules and by a small model, in every view',
  threats: ['T1.filter', 'T1.sanitise', 'T2.filter', 'E.semantic'],
  lesson: {
    why: 'Text in data that gives orders to the assistant is how strangers make it act against its user.',
    undo: 'read the passage; a source that only quotes or explains such text can be trusted by name',
  },
  reads: textKinds,
  options: {},
  isHeavy: true,
  faults: () => textRuleFaults().map(text => ({ path: [], text })),
  inspect(message, { options, scene }) {
    // What is remembered knows nothing of the session and its tools: that is added each time.
    const orders = recall({ message, options }, isAlways, () => ordersIn(message))
    const about = message.body.kind === 'server.surface' ? withoutOwn(scene, message.server) : scene
    return orders.flatMap(order => inScene(order, about) ?? [])
  },
})

/** A finding, and the text around it, in which tools of the session may be named. `faint` is the order if it is one. */
type Order = Finding & { readonly around?: string; readonly faint?: string }

const recall = newMemory<Order>()

function ordersIn(message: Message): readonly Order[] {
  const reading = readMessage(message)
  const kind =
    message.body.kind === 'server.surface' || message.body.kind === 'server.declared' ? 'description' : 'response'
  const { signals } = signalsIn(reading, kind, { isFaintTold: true })
  const { told = [], faint = [] } = Object.groupBy(signals, ({ isFaint }) => (isFaint === true ? 'faint' : 'told'))
  const orders = [
    ...boundedFindings(told.map(signal => orderOf(reading, signal, kind === 'description'))),
    // Not joined when there are many: a fix of what may not be told must not travel with one that is.
    ...faint.slice(0, findingsMax).map(signal => orderOf(reading, signal, false)),
  ]
  return reading.left === 0 ? orders : [...orders, notInspected(message.root, reading.left)]
}

function orderOf(reading: MessageReading, signal: Signal, isSurface: boolean): Order {
  const { id, says, severity, view, span, cut, isFaint, ...rest } = signal
  const { at, span: place, fix, facts } = evidenceOf(reading, { view, span, cut, put: notice })
  const confidence = isSurface && isPieced(id, facts) ? 'possible' : signal.confidence
  return {
    rule: `injection/${id}`,
    severity,
    confidence,
    at,
    ...(place && { span: place }),
    ...(fix && { fix }),
    facts: { says, ...facts, ...rest.facts },
    standards: rest.standards,
    around: view.text.slice(Math.max(0, cut[0] - 200), cut[1] + 200),
    ...(isFaint && { faint: view.text.slice(...cut) }),
  }
}

function inScene({ around, faint, ...order }: Order, scene: Scene): Finding | undefined {
  if (around === undefined) return order
  if (faint !== undefined) return borneOut(order, faint, scene)
  const named = toolsNamed(around, scene)
  // An order that names a tool of this very session was not written for a reader.
  const confidence = named.length > 0 ? 'likely' : order.confidence
  const tools = named.length > 0 && { tools: named.slice(0, 3).join(', ') }
  return {
    ...order,
    confidence,
    facts: { ...order.facts, writers: scene.server.writers, ...tools },
    // A mere possibility must not make every later write ask: honest instructions of servers read like it too.
    labels: confidence === 'possible' ? ['suspected'] : ['suspected', 'untrusted'],
  }
}

/** What strangers wrote and only sounds like an order is one if a tool of this session would carry it out. */
function borneOut(order: Finding, said: string, { server, tools }: Scene): Finding | undefined {
  const named = server.writers === 'anyone' ? toolsOrdered(said, tools) : []
  if (named.length === 0) return undefined
  const facts = { ...order.facts, writers: server.writers, tools: named.join(', ') }
  return { ...order, confidence: 'possible', facts, labels: ['suspected'] }
}

/** A schema has its words in many places, and read on end they form sentences that nobody wrote. */
function isPieced(id: string, { via, fields = 1 }: Finding['facts']): boolean {
  return Number(fields) > piecesMax || (id === 'model' && (Number(fields) > 1 || via === 'joined'))
}

const piecesMax = 4

/** What a server says of its tools names them: that is what it is for. */
function withoutOwn(scene: Scene, server: ServerName): Scene {
  return { ...scene, tools: new Map([...scene.tools].filter(([name]) => name !== server)) }
}

/** Tools of the session that a text calls by a name that no one writes by chance: `send_mail`, not `search`. */
function toolsNamed(text: string, { tools }: Scene): string[] {
  const named: string[] = []
  for (const offered of tools.values())
    for (const { name } of offered)
      if (/[a-z0-9][_-][a-z]|[a-z][A-Z]/u.test(name) && text.includes(name)) named.push(name)
  return named
}

function notInspected(at: string, parts: number): Finding {
  return { rule: 'injection/not-inspected', severity: 'medium', confidence: 'certain', at, facts: { parts } }
}
