import { isObject, type Json, type JsonObject, type JsonPointer, step } from '../core/json.ts'
import { readingOf } from './views.ts'

/** Where a form asks for what opens something; `said` when only the words above its fields do. */
export type CredentialAsk = { readonly kind: 'field' | 'said'; readonly at: JsonPointer }

export const credentialBounds = { texts: 600, textUnits: 20_000, units: 200_000, depth: 16 } as const

// Names of fields and how fields are described. The left side is open where names are written in one word.
const wanted: readonly RegExp[] = [
  /pass[\s_-]?(?:w[o0]rd|wd|phrase|code)s?(?![a-z])|\bpwd\b/iu,
  /(?:\bapi|access|secret|private|signing|encryption|ssh|recovery|license)[\s_-]?keys?(?![a-z])/iu,
  /(?:access|auth|authentication|bearer|refresh|session|\b(?:api|id|security)|personal[\s_-]access)[\s_-]?tokens?(?![a-z])/iu,
  /(?:client[\s_-]?secret|credentials?|seed[\s_-]?phrase|mnemonic|recovery[\s_-]?(?:phrase|codes?))(?![a-z])/iu,
  /\b(?:otp|totp|2fa|mfa|one[\s_-]?time)[\s_-]?(?:code|password|pin)?\b/iu,
  /\b(?:cvv2?|cvc2?|card[\s_-]?number|credit[\s_-]?card|iban|ssn|social[\s_-]?security)\b/iu,
  /passwor[td]|kennwort|contrase\u00f1a|contrasena|mot[\s_]de[\s_]passe|\bsenha\b|wachtwoord|l\u00f6senord|has\u0142o|\u015fifre|mật khẩu/iu,
  /парол|密码|密碼|口令|パスワード|暗証番号|비밀번호|암호|पासवर्ड|كلمة (?:المرور|السر)|סיסמ/iu,
]

/**
 * Whether a form wants a credential of the person who fills it in: by any name or text of its fields, however written
 * and nested, or by the words above them where a field takes free text. What is only chosen from cannot hold one.
 * Undefined for no; `unread` where the form has more, longer or deeper texts than are read.
 */
export function credentialAsked(params: JsonObject, root: JsonPointer): CredentialAsk | 'unread' | undefined {
  const schema = params['requestedSchema']
  const texts: Text[] = []
  const isWhole = collect(schema, { at: `${root}/requestedSchema`, depth: 0 }, texts)
  const message = typeof params['message'] === 'string' ? params['message'] : ''
  const lengths = [message, ...texts.map(({ text }) => text)].map(({ length }) => length)
  const units = lengths.reduce((sum, each) => sum + each)
  if (!isWhole || units > credentialBounds.units || Math.max(...lengths) > credentialBounds.textUnits) return 'unread'
  const field = texts.find(({ text }) => isWanted(text))
  if (field !== undefined) return { kind: 'field', at: field.at }
  const isSaid = isWanted(message) && takesText(schema, 0)
  return isSaid ? { kind: 'said', at: `${root}/message` } : undefined
}

type Text = { readonly at: JsonPointer; readonly text: string }
type Here = { readonly at: JsonPointer; readonly depth: number }

// What stands under these is chosen, not typed: "How do you sign in? password, token".
const choices: ReadonlySet<string> = new Set(['enum', 'enumNames', 'const'])

/** False where something was left out. */
function collect(node: Json | undefined, { at, depth }: Here, texts: Text[]): boolean {
  if (typeof node === 'string') return texts.push({ at, text: node }) <= credentialBounds.texts
  if (typeof node !== 'object' || node === null) return true
  if (depth > credentialBounds.depth) return false
  if (Array.isArray(node))
    return node.every((each: Json, i: number) => collect(each, { at: `${at}/${i}`, depth: depth + 1 }, texts))
  if ('const' in node) return true
  return Object.entries(node).every(([key, value]) => {
    if (choices.has(key)) return true
    const here = `${at}${step(key)}`
    // A name in camel case is read word by word.
    const name = key.replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    return (
      texts.push({ at: here, text: name }) <= credentialBounds.texts &&
      collect(value, { at: here, depth: depth + 1 }, texts)
    )
  })
}

/** As an eye takes it: folded, without invisible signs and markup, letters joined and digits read as letters. */
function isWanted(text: string): boolean {
  const { raw, plain, others } = readingOf(text)
  return [raw, plain, ...others].some(view => {
    const spoken = view.text.replaceAll('_', ' ')
    return wanted.some(one => one.test(view.text) || one.test(spoken))
  })
}

/** Whether somewhere in a schema a person may write what comes to mind. Where no type is told, any may be meant. */
function takesText(node: Json | undefined, depth: number): boolean {
  if (Array.isArray(node)) return node.some((each: Json) => takesText(each, depth))
  if (!isObject(node) || depth > credentialBounds.depth || 'const' in node || 'enum' in node) return false
  const { type } = node
  if (type === 'string' || type === 'number' || type === 'integer') return !isChoice(node)
  return Object.values(node).some(each => takesText(each, depth + 1))
}

function isChoice({ oneOf, anyOf }: JsonObject): boolean {
  const all = Array.isArray(oneOf) ? oneOf : Array.isArray(anyOf) ? anyOf : []
  return all.length > 0 && all.every(each => isObject(each) && 'const' in each)
}
