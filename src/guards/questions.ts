import type { Finding } from '../core/finding.ts'
import { guard, type Scene } from '../core/guard.ts'
import { isObject, type Json, type JsonObject, step } from '../core/json.ts'
import type { Message } from '../core/message.ts'

export const questions = guard({
  id: 'questions',
  title: 'Questions that want credentials of a person, lead to a strange address, or hand over what others said',
  threats: ['T4.classify', 'S2.chain'],
  lesson: {
    why: 'A form looks as if the program asked that the person trusts; its answers go to the server.',
    undo: 'give the server its credentials in the configuration (`env`, `headers`), where no question is needed',
  },
  reads: ['elicitation.request', 'sampling.request'],
  options: {},
  inspect(message, { scene }) {
    const { body, root } = message
    if (body.kind === 'sampling.request') return contextOf(body.params, { root, scene })
    return body.params['url'] === undefined && body.params['mode'] !== 'url'
      ? formOf({ ...message, body })
      : addressOf(body.params, root)
  },
})

// Names of fields, and how fields are described: words that ask for what opens something.
const wanted: readonly RegExp[] = [
  /\bpass[\s_-]?(?:word|wd|phrase|code)s?\b|\bpwd\b/iu,
  /\b(?:api|access|secret|private|signing|encryption|ssh|recovery|license)[\s_-]?keys?\b/iu,
  /\b(?:access|auth|authentication|bearer|refresh|session|api|id|security|personal[\s_-]access)[\s_-]?tokens?\b/iu,
  /\b(?:client[\s_-]?secret|credentials?|seed[\s_-]?phrase|mnemonic|recovery[\s_-]?(?:phrase|codes?))\b/iu,
  /\b(?:otp|totp|2fa|mfa|one[\s_-]?time)[\s_-]?(?:code|password|pin)?\b/iu,
  /\b(?:cvv2?|cvc2?|card[\s_-]?number|credit[\s_-]?card|iban|ssn|social[\s_-]?security)\b/iu,
]
const textMax = 2000
const fieldsMax = 200

function formOf({ root, body }: Message<'elicitation.request'>): Finding[] {
  const schema = body.params['requestedSchema']
  const fields = isObject(schema) && isObject(schema['properties']) ? Object.entries(schema['properties']) : []
  const asking = fields.slice(0, fieldsMax).find(([name, field]) => asksForSecret(name, field))
  const flood = fields.length > fieldsMax
  if (asking === undefined && !flood) return []
  const at = `${root}/requestedSchema/properties${asking === undefined ? '' : step(asking[0])}`
  const found = { severity: 'high', confidence: flood ? 'certain' : 'likely', at, standards: ['CWE-522'] } as const
  return [{ ...found, rule: `questions/${flood ? 'flood' : 'secret'}`, facts: { fields: fields.length } }]
}

function asksForSecret(name: string, field: Json | undefined): boolean {
  const { title, description, format } = isObject(field) ? field : {}
  if (format === 'password') return true
  // A name in camel case is read word by word.
  const spoken = name.replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
  const texts = [spoken, spoken.replaceAll('_', ' '), title, description]
  return texts.some(text => typeof text === 'string' && wanted.some(one => one.test(text.slice(0, textMax))))
}

/** A page where a person signs in: over https, of a host that can be read, and without a login of its own. */
function addressOf({ url: text }: JsonObject, root: string): Finding[] {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined
  const why = url === undefined ? 'it is no address' : strangeness(url)
  if (why === undefined) return []
  const found = { rule: 'questions/address', severity: 'high', confidence: 'certain', at: `${root}/url` } as const
  return [{ ...found, facts: { why }, standards: ['CWE-451', 'CWE-601'] }]
}

function strangeness({ protocol, hostname, username, password }: URL): string | undefined {
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  if (protocol !== 'https:' && !(protocol === 'http:' && isHere)) return 'it is not https'
  if (username !== '' || password !== '') return 'it holds a login, which hides the host'
  if (/(?:^|\.)xn--/u.test(hostname)) return 'its host can pass for another'
  return undefined
}

type Place = { readonly root: string; readonly scene: Scene }

/** Behind one endpoint a client takes all servers for one: what one may have of the talk would be what all have. */
function contextOf({ includeContext }: JsonObject, { root, scene }: Place): Finding[] {
  const isOwn = includeContext === 'thisServer' && scene.tools.size < 2
  if (includeContext === undefined || includeContext === 'none' || isOwn) return []
  const at = `${root}/includeContext`
  const found = { rule: 'questions/context', severity: 'high', confidence: 'certain', at } as const
  return [{ ...found, facts: {}, fix: [{ at, set: 'none' }], standards: ['OWASP-LLM02', 'CWE-200'] }]
}
