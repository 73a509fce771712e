import type { Finding } from '../core/finding.ts'
import { guard, type Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { boundedFindings, evidenceOf } from '../text/evidence.ts'
import { type MessageReading, readMessage, textKinds } from '../text/reading.ts'
import { isNothing, remembered } from '../text/remembered.ts'
import { textRuleFaults } from '../text/rule-faults.ts'
import { type Signal, signalsIn } from '../text/signal.ts'

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
    // What was found also says which tools of the session it names: only that nothing was found is remembered.
    return remembered({ message, options }, isNothing, () => ordersIn(message, scene))
  },
})

function ordersIn(message: Message, scene: Scene): readonly Finding[] {
  const reading = readMessage(message)
  const kind =
    message.body.kind === 'server.surface' || message.body.kind === 'server.declared' ? 'description' : 'response'
  const { signals } = signalsIn(reading, kind)
  const findings = boundedFindings(signals.map(signal => findingOf(reading, signal, scene)))
  return reading.left === 0 ? findings : [...findings, notInspected(message.root, reading.left)]
}

function findingOf(reading: MessageReading, signal: Signal, scene: Scene): Finding {
  const { view, span, cut } = signal
  const { at, span: place, fix, facts } = evidenceOf(reading, { view, span, cut, put: notice })
  const named = toolsNamed(view.text.slice(Math.max(0, cut[0] - 200), cut[1] + 200), scene)
  // An order that names a tool of this very session was not written for a reader.
  const confidence = named.length > 0 ? 'likely' : signal.confidence
  return {
    rule: `injection/${signal.id}`,
    severity: signal.severity,
    confidence,
    at,
    ...(place && { span: place }),
    ...(fix && { fix }),
    facts: {
      says: signal.says,
      ...facts,
      ...signal.facts,
      writers: scene.server.writers,
      ...(named.length > 0 && { tools: named.slice(0, 3).join(', ') }),
    },
    // A mere possibility must not make every later write ask: honest instructions of servers read like it too.
    labels: confidence === 'possible' ? ['suspected'] : ['suspected', 'untrusted'],
    standards: signal.standards,
  }
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
