import { isObject, type Json, type JsonObject, type JsonPointer, step } from '../core/json.ts'

const asks = ['conversation', 'prompt', 'model', 'secret', 'side-channel'] as const

/** Why a parameter of a tool asks for what the tool has no business with. */
export type Ask = (typeof asks)[number]

export type AskingParameter = {
  readonly at: JsonPointer
  readonly name: string
  readonly ask: Ask
  readonly isExplicit: boolean
}

const names: Readonly<Record<Ask, RegExp>> = {
  conversation:
    /^(?:(?:full|entire|whole|chat|conversation|message|session|dialog|user|previous|prior|past)_?(?:conversation|history|chat|messages|transcript|context|log|turns)s?|conversation|transcript|prior_outputs|previous_results)$/u,
  prompt:
    /^(?:system_?(?:prompt|message|instructions?)|your_(?:instructions|prompt|rules)|initial_prompt|developer_message)$/u,
  model:
    /^(?:(?:llm|ai|language|your|current|agent)_?model(?:_?(?:name|id|version))?|model_?(?:name|identity)|(?:llm|agent|assistant)_?(?:name|id|identity)|which_model)$/u,
  secret:
    /^(?:ssh_?keys?|private_?keys?|env(?:ironment)?_?(?:vars?|variables)|all_?(?:secrets|passwords|keys|env)|(?:aws|cloud)_?credentials|user_?(?:passwords?|credentials|secrets)|session_?cookies?|seed_?phrase|mcp_?config)$/u,
  'side-channel':
    /^(?:side_?notes?|hidden(?:_\w+)?|covert\w*|telemetry|debug_?(?:info|context|data)|internal_?(?:notes?|context)|metadata_?context|exfil\w*|beacon|extra_?context)$/u,
}

// The same in words, in a parameter's description: there the wish is spelled out.
const wishes: Readonly<Record<Ask, RegExp>> = {
  conversation:
    /(?:full|entire|whole|complete|all|previous|prior)[^.\n]{0,24}(?:conversation|chat|messages|dialog(?:ue)?)|(?:conversation|chat|message) history|everything the user (?:said|wrote|typed)/iu,
  prompt:
    /system prompt|system message|your (?:own )?(?:instructions|system|rules|prompt)|initial prompt|developer message/iu,
  model:
    /\b(?:name|version|identity|id) of (?:(?:the |your )?(?:llm|ai|language model|assistant|agent)\b|your model|the model (?:you\b|calling|in use|making|behind|that (?:is (?:calling|in use)|calls|runs)))|your model name|which model you|llm (?:name|model)/iu,
  secret:
    /(?:content|contents|text|value|copy) of [^.\n]{0,40}(?:\.ssh|\.env|\.aws|id_rsa|id_ed25519|mcp\.json|credentials|\.netrc|\/etc\/passwd|private key|(?:your|user'?s?|client|agent|mcp|ssh|aws|kube) config(?:uration)? file)|(?:all|any|user'?s?|your) (?:api keys|passwords|secrets|credentials|environment variables|private keys|access tokens)/iu,
  'side-channel':
    /(?:do not|don't|never)[^.\n]{0,20}(?:tell|show|mention|reveal)[^.\n]{0,20}user|without the user|not (?:visible|shown) to the user/iu,
}

export const parameterBounds = { parameters: 400, depth: 8 } as const

/** Parameters of an input schema that ask for the conversation, the prompt, the model's name, secrets or a side channel. */
export function askingParameters(schema: Json | undefined, at: JsonPointer, about: string): AskingParameter[] {
  const found: AskingParameter[] = []
  visit({ schema, at, depth: 0 }, { found, about: about.toLowerCase(), seen: { count: 0 } })
  return found
}

type Here = { readonly schema: Json | undefined; readonly at: JsonPointer; readonly depth: number }
type Notes = { readonly found: AskingParameter[]; readonly about: string; readonly seen: { count: number } }

function visit({ schema, at, depth }: Here, notes: Notes): void {
  if (!isObject(schema) || depth > parameterBounds.depth) return
  const properties = schema['properties']
  if (isObject(properties))
    for (const [name, each] of Object.entries(properties)) {
      if (++notes.seen.count > parameterBounds.parameters) return
      const here = `${at}/properties${step(name)}`
      judge(name, each, { at: here, notes })
      visit({ schema: each, at: here, depth: depth + 1 }, notes)
    }
  visit({ schema: schema['items'], at: `${at}/items`, depth: depth + 1 }, notes)
}

function judge(name: string, schema: Json | undefined, { at, notes }: { at: JsonPointer; notes: Notes }): void {
  const plain = name
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1_$2')
    .toLowerCase()
    .replaceAll('-', '_')
  const text = isObject(schema) ? said(schema) : ''
  for (const ask of asks) {
    const isExplicit = wishes[ask].test(text)
    if (!isExplicit && !names[ask].test(plain)) continue
    if (!canTake(ask, schema, isExplicit)) continue
    // A chat archive may ask for a conversation and a model's console for a model: what the tool is about excuses it.
    if (!isExplicit && isExcused(ask, notes.about)) continue
    notes.found.push({ at, name, ask, isExplicit })
    return
  }
}

const numeric: ReadonlySet<Json | undefined> = new Set(['boolean', 'integer', 'number', 'null'])

/** A name may be one of a few given words, and to keep the person in the dark needs no room at all. */
function canTake(ask: Ask, schema: Json | undefined, isExplicit: boolean): boolean {
  if (ask === 'model') return !isOf(schema, numeric)
  return (ask === 'side-channel' && isExplicit) || carriesText(schema)
}

/** A switch, a number or one of a few given words holds nobody's conversation, whatever it is called. */
function carriesText(schema: Json | undefined): boolean {
  if (!isObject(schema)) return true
  if (isOf(schema, numeric) || Array.isArray(schema['enum']) || 'const' in schema) return false
  return schema['type'] !== 'array' || carriesText(schema['items'])
}

function isOf(schema: Json | undefined, types: ReadonlySet<Json | undefined>): boolean {
  const type = isObject(schema) ? schema['type'] : undefined
  return Array.isArray(type) ? type.length > 0 && type.every(each => types.has(each)) : types.has(type)
}

function said(schema: JsonObject): string {
  return ['title', 'description', 'default', 'examples', 'const', 'enum']
    .map(key => schema[key])
    .filter(value => value !== undefined)
    .map(value => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join('\n')
    .slice(0, 4000)
}

const excuses: Readonly<Record<Ask, RegExp>> = {
  conversation: /conversation|chat|message|thread|transcript|meeting|call/u,
  prompt: /prompt|model|llm|assistant|agent|completion|chat/u,
  model: /model|llm|completion|embedding|inference|agent|assistant|train|deploy/u,
  secret: /secret|credential|key|password|vault|env|deploy|login|auth|cookie|browser|cloud|aws/u,
  'side-channel': /telemetry|debug|note|metadata/u,
}

function isExcused(ask: Ask, about: string): boolean {
  return excuses[ask].test(about)
}
