import type { Edit, Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import type { PinMark, Standing } from '../core/pin.ts'
import { shown } from '../text/evidence.ts'
import { surfaceItems } from '../text/surface-items.ts'

export const pins = guard({
  id: 'pins',
  title: 'Tools, prompts and words of a server that are not the ones that were approved',
  threats: ['S3.allowlist', 'C1.review', 'C6.redescribe'],
  reads: ['server.surface', 'tool.call', 'prompt.get', 'resource.read', 'resource.content'],
  options: {},
  inspect(message, { scene }) {
    const marks = scene.pins ?? []
    if (marks.length === 0) return []
    // One finding per kind of trouble: a server with ten thousand new tools is one piece of news.
    return [...Map.groupBy(marks, mark => mark.standing)].map(([standing, alike]) => finding(message, standing, alike))
  },
})

function finding(message: Message, standing: Standing, marks: readonly PinMark[]): Finding {
  const [first] = marks
  const names = marks.slice(0, namesMax).map(({ part, name }) => (part === 'server' ? part : `${part}/${shown(name)}`))
  const gains = [...new Set(marks.flatMap(mark => mark.gains ?? []))]
  const places = placesOf(message)
  const fix = marks.flatMap(mark => fixOf(message, mark, places))
  return {
    rule: `pins/${standing}`,
    severity: 'high',
    confidence: 'certain',
    at: placeOf(message, first, places),
    facts: {
      count: marks.length,
      items: names.join(', '),
      ...(first?.was === undefined ? {} : { [standing === 'no-store' ? 'why' : 'was']: first.was }),
      ...(gains.length === 0 ? {} : { gains: gains.join(', ') }),
      next: standing === 'no-store' ? 'restore or delete the file' : `sallyport pins diff ${message.server}`,
    },
    ...(fix.length === 0 ? {} : { fix }),
    standards: ['OWASP-ASI04', 'OWASP-LLM03', 'CWE-494'],
  }
}

const namesMax = 5

/** Looked up once for all marks: a list of ten thousand tools must not be walked for each of them. */
function placesOf({ body, ...message }: Message): readonly string[] {
  return body.kind === 'server.surface' ? surfaceItems({ ...message, body }).map(({ at }) => at) : []
}

function placeOf({ root }: Message, mark: PinMark | undefined, places: readonly string[]): string {
  return mark?.index === undefined ? root : (places[mark.index] ?? root)
}

/** A list loses the item, a handshake gets its approved words back; a page or a call can only be stopped. */
function fixOf(message: Message, mark: PinMark, places: readonly string[]): Edit[] {
  const { body, root } = message
  if (body.kind !== 'server.surface') return []
  if (mark.part !== 'server') return [{ at: placeOf(message, mark, places), remove: true }]
  return (mark.restore ?? []).map(({ path, value }): Edit => {
    const at = `${root}${path}`
    return value === undefined ? { at, remove: true } : { at, set: value }
  })
}
