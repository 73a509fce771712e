import type { Finding } from '../core/finding.ts'
import { guard, type Scene } from '../core/guard.ts'
import type { JsonObject } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import { credentialAsked } from '../text/credential-ask.ts'

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
    const { url, mode } = body.params
    // A client may take what is both for either.
    const address = url === undefined && mode !== 'url' ? [] : addressOf(body.params, root)
    return [...formOf({ ...message, body }), ...address]
  },
})

function formOf({ root, body }: Message<'elicitation.request'>): Finding[] {
  const asked = credentialAsked(body.params, root)
  if (asked === undefined) return []
  const found = { severity: 'high', facts: {}, standards: ['CWE-522'] } as const
  if (asked === 'unread') return [{ ...found, rule: 'questions/flood', confidence: 'certain', at: root }]
  // Words above a field may speak of a credential without asking for it.
  const confidence = asked.kind === 'field' ? 'likely' : 'possible'
  return [{ ...found, rule: 'questions/secret', confidence, at: asked.at }]
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
