import { isObject, type JsonObject } from './json.ts'

export const effects = ['read', 'write', 'send', 'destroy', 'spend', 'execute', 'admin'] as const
export type Effect = (typeof effects)[number]

/** A tool as its server listed it, with what calling it can do. */
export type Tool = {
  readonly name: string
  readonly definition: JsonObject
  readonly effects: readonly Effect[]
}

const verbs: ReadonlyMap<string, Effect> = new Map([
  ...verbsOf('read', 'get list read search find query fetch show describe view lookup count check status tree info'),
  ...verbsOf('read', 'open help echo think sequentialthinking browse download export summarize explain inspect'),
  ...verbsOf('write', 'write create add update edit set put save insert append modify move rename copy upload patch'),
  ...verbsOf('write', 'store make merge replace import toggle change apply assign restore fork'),
  ...verbsOf('send', 'send post publish reply forward mail email message notify share invite comment tweet push'),
  ...verbsOf('send', 'submit call broadcast announce'),
  ...verbsOf('destroy', 'delete remove drop destroy purge truncate erase wipe clear reset revoke kill uninstall'),
  ...verbsOf('destroy', 'unpublish overwrite discard archive cancel terminate'),
  ...verbsOf('spend', 'buy pay purchase order transfer charge refund checkout subscribe withdraw donate book trade'),
  ...verbsOf('execute', 'run exec execute eval evaluate invoke spawn shell bash start launch deploy install compile'),
  ...verbsOf('execute', 'script trigger'),
  ...verbsOf('admin', 'grant permit authorize authorise chmod chown impersonate configure enable disable sudo elevate'),
])

// After a verb of reading these are things, not deeds: `get_order` buys nothing. `read_and_send` still sends.
const nouns = new Set(
  'post mail email message comment tweet call order transfer charge refund purchase checkout book trade script store'
    .concat(' patch copy share invite shell set import change fork merge archive start launch install trigger command')
    .split(' '),
)

/**
 * What calling a tool can do, from its annotations, name and schema. Annotations are the server's own word and may
 * only add effects, never take one away; a tool about which nothing can be said counts as writing.
 */
export function effectsOf(definition: JsonObject): readonly Effect[] {
  const found = new Set(effectsOfName(definition['name']))
  if (takesCommand(definition['inputSchema'])) found.add('execute')
  if (found.size === 0 || isTooLong(definition['name'])) found.add('write')
  addAnnotations(found, definition['annotations'])
  return effects.filter(effect => found.has(effect))
}

/** What a tool itself says that it does, without the caution that counts a silent one as writing. */
export function effectsSaid(definition: JsonObject): readonly Effect[] {
  const found = new Set(effectsOfName(definition['name']))
  if (takesCommand(definition['inputSchema'])) found.add('execute')
  const { annotations } = definition
  addAnnotations(found, annotations)
  if (isObject(annotations) && annotations['readOnlyHint'] === true) found.delete('write')
  return effects.filter(effect => found.has(effect))
}

function verbsOf(effect: Effect, words: string): [string, Effect][] {
  return words.split(' ').map(word => [word, effect])
}

function effectsOfName(name: unknown): Effect[] {
  const spoken = typeof name === 'string' ? words(name) : []
  const firstRead = spoken.findIndex(word => verbs.get(word) === 'read')
  return spoken.flatMap((word, i) => {
    const effect = word === 'checkout' && spoken.some(other => ofCode.has(other)) ? 'write' : verbs.get(word)
    const isThing = nouns.has(word) && firstRead !== -1 && firstRead < i
    return effect === undefined || isThing ? [] : [effect]
  })
}

// Beside these words a checkout takes files out of a history, and no money out of a purse.
const ofCode = new Set(['git', 'svn', 'hg', 'branch', 'commit', 'repo', 'repository', 'revision'])

// What is beyond is not looked at, so that a longer name counts as one that says nothing.
const nameCharsMax = 256

function isTooLong(name: unknown): boolean {
  return typeof name === 'string' && name.length > nameCharsMax
}

function words(name: string): string[] {
  return name
    .slice(0, nameCharsMax)
    .normalize('NFKC')
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/gu, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/u)
    .filter(Boolean)
}

function addAnnotations(found: Set<Effect>, annotations: unknown): void {
  if (!isObject(annotations)) return
  const isReader = found.has('read')
  if (annotations['readOnlyHint'] === true) found.add('read')
  if (annotations['readOnlyHint'] === false) found.add('write')
  if (annotations['destructiveHint'] === true) found.add('destroy')
  // A reader of the open world looks things up there; any other tool that reaches it can carry something out.
  if (annotations['openWorldHint'] === true && !isReader) found.add('send')
}

const commandNames = new Set(['command', 'cmd', 'shell', 'script', 'code', 'bash'])

function takesCommand(schema: unknown): boolean {
  if (!isObject(schema) || !isObject(schema['properties'])) return false
  return Object.keys(schema['properties']).some(name => commandNames.has(name.toLowerCase()))
}
