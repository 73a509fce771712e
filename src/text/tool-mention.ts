import type { ServerName } from '../core/brand.ts'
import type { Tool } from '../core/capability.ts'
import { scanText } from './match.ts'
import { concepts } from './rules/lexicon.ts'
import type { Span } from './view.ts'

export type Mention = {
  readonly tool: string
  readonly server: string
  readonly span: Span
  /** An order stands near the name: before it, instead of it, never, must. */
  readonly isOrder: boolean
}

const mentionBounds = { mentions: 8, tools: 5000 } as const

const ordering = new Set(
  ['must', 'beforeTools', 'preference', 'silently', 'send', 'grant', 'ignore', 'destroy', 'approved'].map(name =>
    concepts.indexOf(name),
  ),
)
const near = 90

/** Tools of other servers that a text calls by name; names that are common words are not looked for. */
export function otherToolsNamed(
  text: string,
  tools: ReadonlyMap<ServerName, readonly Tool[]>,
  own: ServerName,
): Mention[] {
  const mentions: Mention[] = []
  let looked = 0
  const ownNames = new Set((tools.get(own) ?? []).map(({ name }) => name))
  for (const [server, offered] of tools) {
    if (server === own) continue
    for (const { name } of offered) {
      if (++looked > mentionBounds.tools || mentions.length >= mentionBounds.mentions) return mentions
      if (ownNames.has(name) || !isTelling(name)) continue
      const at = wordAt(text, name)
      if (at >= 0)
        mentions.push({
          tool: name,
          server,
          span: [at, at + name.length],
          isOrder: hasOrderNear(text, [at, at + name.length]),
        })
    }
  }
  return mentions
}

function isTelling(name: string): boolean {
  return name.length >= 5 && /[a-z0-9][_.-][a-z]|[a-z][A-Z]/u.test(name)
}

function wordAt(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!/[\w-]/u.test(text[at - 1] ?? ' ') && !/[\w-]/u.test(text[at + name.length] ?? ' ')) return at
  return -1
}

function hasOrderNear(text: string, [from, to]: Span): boolean {
  // The name itself says `send`: only what stands around it counts.
  const around = `${text.slice(Math.max(0, from - near), from)}¤${text.slice(to, to + near)}`
  const { hits } = scanText(around)
  return hits.some((concept, i) => i % 3 === 0 && ordering.has(concept))
}

const tag =
  /<(?<name>IMPORTANT|CRITICAL|SYSTEM|ADMIN|INSTRUCTIONS?|SECRET|HIDDEN|MANDATORY|OVERRIDE|PRIORITY|RULES?|DIRECTIVE|ASSISTANT|URGENT|ATTENTION|PRIVATE|CONFIDENTIAL)(?:\s[^<>]{0,80})?>/giu

/** Tags that mean nothing to a program and are meant to impress a model. */
export function pseudoTags(text: string): { tag: string; span: Span }[] {
  return [...text.matchAll(tag)].slice(0, mentionBounds.mentions).map(found => ({
    tag: found.groups?.['name'] ?? '',
    span: [found.index, found.index + found[0].length],
  }))
}
