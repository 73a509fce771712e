import type { Finding } from '../core/finding.ts'
import { guard, type Scene } from '../core/guard.ts'
import type { JsonObject } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import { shown } from '../text/evidence.ts'
import { itemClaims } from '../text/item-claims.ts'
import { isFalselyReadOnly, oddParameters } from '../text/narrow-tool.ts'
import { askingParameters } from '../text/parameter-ask.ts'
import { surfaceItems } from '../text/surface-items.ts'
import { otherToolsNamed, pseudoTags } from '../text/tool-mention.ts'

const asi = ['OWASP-ASI02', 'OWASP-LLM01', 'ATLAS-AML.T0051.001']

export const description = guard({
  id: 'description',
  title: 'Tools whose description or parameters reach for other tools, the conversation, the prompt or secrets',
  threats: ['T2.filter', 'S3.language'],
  lesson: {
    why: 'A description steers every later choice of the model, also about tools of other servers.',
    undo: 'ask the author of the server to say what the tool does and no more, or review it and accept it with `sallyport pins`',
  },
  reads: ['server.surface'],
  options: {},
  inspect(message, { scene }) {
    return surfaceItems(message).flatMap(({ item, at, isListed }) =>
      isListed ? inspectItem(item, { message, scene, at }) : wants(item, at),
    )
  },
})

type Place = { readonly message: Message<'server.surface'>; readonly scene: Scene; readonly at: string }

function inspectItem(item: JsonObject, place: Place): Finding[] {
  const text = typeof item['description'] === 'string' ? item['description'] : ''
  const name = String(item['name'] ?? '')
  return [
    ...wants(item, place.at),
    ...mentions(text, place),
    ...tags(text, place),
    ...parameters(item, `${name} ${text}`, place),
    ...reaches(item, `${name} ${text}`, place),
    ...claims(item, name, place),
  ]
}

/** What it wants of the reader, the conversation or other tools, each sentence with the reason. */
function wants(item: JsonObject, at: string): Finding[] {
  return itemClaims(item, at).map(({ id, says, facts, ...claim }) => ({
    rule: `description/${id}`,
    ...claim,
    facts: { says, ...facts },
    standards: asi,
  }))
}

/** An order about a tool of another server: one server has no business steering another's tools. */
function mentions(text: string, { message, scene, at }: Place): Finding[] {
  return otherToolsNamed(text, scene.tools, message.server).map(({ tool, server, span, isOrder }) => ({
    rule: 'description/other-tool',
    severity: isOrder ? 'critical' : 'medium',
    confidence: isOrder ? 'likely' : 'possible',
    at: `${at}/description`,
    span,
    facts: { tool, server, excerpt: shown(text.slice(Math.max(0, span[0] - 30), span[1] + 30)) },
    standards: asi,
  }))
}

function tags(text: string, { at }: Place): Finding[] {
  return pseudoTags(text).map(({ tag, span }) => ({
    rule: 'description/pseudo-tag',
    severity: 'medium',
    confidence: 'possible',
    at: `${at}/description`,
    span,
    facts: { tag },
    standards: asi,
  }))
}

function parameters(item: JsonObject, about: string, { at }: Place): Finding[] {
  return askingParameters(item['inputSchema'], `${at}/inputSchema`, about).map(
    ({ at: where, name, ask, isExplicit }) => ({
      rule: `description/asks-${ask}`,
      severity: 'high',
      confidence: isExplicit ? 'likely' : 'possible',
      at: where,
      facts: { parameter: shown(name), asks: ask },
      standards: [...asi, 'OWASP-LLM02', 'CWE-200'],
    }),
  )
}

/** A small task with a reach that it says nothing of. */
function reaches(item: JsonObject, about: string, { at }: Place): Finding[] {
  return oddParameters(item['inputSchema'], `${at}/inputSchema`, about).map(({ at: where, name, can }) => ({
    rule: `description/can-${can}`,
    severity: 'high',
    confidence: can === 'run' ? 'likely' : 'possible',
    at: where,
    facts: { parameter: shown(name) },
    standards: asi,
  }))
}

function claims(item: JsonObject, name: string, { at }: Place): Finding[] {
  if (!isFalselyReadOnly(item)) return []
  return [
    {
      rule: 'description/says-read-only',
      severity: 'medium',
      confidence: 'possible',
      at: `${at}/annotations/readOnlyHint`,
      facts: { tool: shown(name) },
      standards: ['OWASP-ASI02', 'CWE-451'],
    },
  ]
}
