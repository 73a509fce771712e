import { isObject, type JsonObject } from './json.ts'

export const effects = ['read', 'write', 'send', 'destroy', 'spend', 'execute', 'admin'] as const
export type Effect = (typeof effects)[number]

/** A tool as its server listed it, with what calling it can do. */
export type Tool = {
  readonly name: string
  readonly definition: JsonObject
  readonly effects: readonly Effect[]
}

const verbs: Readonly<Record<Effect, RegExp>> = {
  read: /^(get|list|read|search|find|query|fetch|show|describe|view|lookup|count|check|status|tree|info|open|help)/u,
  write: /^(write|create|add|update|edit|set|put|save|insert|append|modify|move|rename|copy|upload|patch|store|make)/u,
  send: /^(send|post|publish|reply|forward|mail|email|message|notify|share|invite|comment|tweet|push|submit|call)/u,
  destroy: /^(delete|remove|drop|destroy|purge|truncate|erase|wipe|clear|reset|revoke|kill|uninstall|unpublish)/u,
  spend: /^(buy|pay|purchase|order|transfer|charge|refund|checkout|subscribe|withdraw|donate|book)/u,
  execute: /^(run|exec|execute|eval|evaluate|invoke|spawn|shell|bash|start|launch|deploy|install|compile|script)/u,
  admin: /^(grant|permit|authorize|chmod|chown|impersonate|configure|enable|disable|sudo|elevate)/u,
}

/**
 * What calling a tool can do, from its annotations, name and schema. Annotations are the server's own word and may
 * only add effects, never take one away; a tool about which nothing can be said counts as writing.
 */
export function effectsOf(definition: JsonObject): readonly Effect[] {
  const found = new Set<Effect>()
  for (const word of words(String(definition['name'] ?? ''))) addVerb(found, word)
  addAnnotations(found, definition['annotations'])
  if (takesCommand(definition['inputSchema'])) found.add('execute')
  const isOnlyReading = found.size === 1 && found.has('read')
  if (found.size === 0 || (isOnlyReading && saysItWrites(definition['annotations']))) found.add('write')
  return effects.filter(effect => found.has(effect))
}

function words(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter(Boolean)
}

function addVerb(found: Set<Effect>, word: string): void {
  for (const effect of effects) if (verbs[effect].exec(word)?.[1] === word) found.add(effect)
}

function addAnnotations(found: Set<Effect>, annotations: unknown): void {
  if (!isObject(annotations)) return
  if (annotations['destructiveHint'] === true && annotations['readOnlyHint'] !== true) found.add('destroy')
  if (annotations['readOnlyHint'] === true && found.size === 0) found.add('read')
  if (annotations['openWorldHint'] === true && !found.has('read')) found.add('send')
}

function saysItWrites(annotations: unknown): boolean {
  return isObject(annotations) && annotations['readOnlyHint'] === false
}

const commandNames = new Set(['command', 'cmd', 'shell', 'script', 'code', 'bash'])

function takesCommand(schema: unknown): boolean {
  if (!isObject(schema) || !isObject(schema['properties'])) return false
  return Object.keys(schema['properties']).some(name => commandNames.has(name.toLowerCase()))
}
