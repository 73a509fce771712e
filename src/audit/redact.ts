import type { Redacted } from '../core/brand.ts'
import type { AuditValue } from '../core/port.ts'
import { isCardNumber } from '../text/pii-number.ts'
import { isSecretKey } from '../text/secret-name.ts'
import { printable } from './printable.ts'
import { type SecretSpan, secretSpans } from './secret-shapes.ts'

export type RedactLimits = {
  /** Characters kept of one string. */
  readonly textChars: number
  /** Characters kept of all strings together. */
  readonly totalChars: number
  readonly depth: number
  /** Members kept of one list or object. */
  readonly items: number
  /** Values kept in all. */
  readonly values: number
}

const redactLimits: RedactLimits = { textChars: 2048, totalChars: 16_384, depth: 12, items: 64, values: 512 }

/** The text without credentials and without control characters, cut to a length. */
export function redactText(text: string, chars: number = redactLimits.textChars): Redacted {
  // What lies behind the cut is read too: a token that the cut would halve is recognised whole.
  const seen = text.length > chars + marginChars ? text.slice(0, chars + marginChars) : text
  const spans = secretSpans(seen)
  const kept = spans.length === 0 && text.length <= chars ? text : cover(text, seen, { spans, chars })
  return printable(kept) as Redacted
}

/** A value for the record: credentials out, by name and by shape; bounded in depth, items and size. */
export function redactJson(value: unknown, limits: Partial<RedactLimits> = {}): AuditValue {
  const all = { ...redactLimits, ...limits }
  return walk(value, 0, { limits: all, valuesLeft: all.values, charsLeft: all.totalChars })
}

/**
 * Text of our own making: a hash, a signature, an error code, a name out of a fixed set. It is not searched for
 * credentials, so nothing that came over the wire, out of a file or from a person may ever be passed here.
 */
export function fact(text: string): Redacted {
  return printable(text.slice(0, redactLimits.textChars)) as Redacted
}

const marginChars = 4096
const keyChars = 128

function cover(text: string, seen: string, { spans, chars }: { spans: SecretSpan[]; chars: number }): string {
  const sorted = spans.sort((a, b) => a.from - b.from || b.to - a.to)
  let out = ''
  let done = 0
  for (const group of merged(sorted)) {
    if (group.from >= chars) break
    out += text.slice(done, group.from) + placeholder(seen.slice(group.from, group.to), group)
    done = group.to
  }
  if (done < chars) out += text.slice(done, chars)
  const left = text.length - Math.max(done, Math.min(chars, text.length))
  return left > 0 ? `${out}[… ${left} more chars]` : out
}

/** Overlapping spans as one; the longest gives its name. */
function merged(sorted: readonly SecretSpan[]): SecretSpan[] {
  const out: SecretSpan[] = []
  for (const span of sorted) {
    const last = out.at(-1)
    if (last === undefined || span.from >= last.to) {
      out.push(span)
      continue
    }
    const name = span.to - span.from > last.to - last.from ? span : last
    // Shown tails stay safe only if both agree that the end is random.
    const isLong = last.isLong === true && span.isLong === true
    out[out.length - 1] = { from: last.from, to: Math.max(last.to, span.to), kind: name.kind, isLong }
  }
  return out
}

function placeholder(secret: string, { kind, isLong }: Pick<SecretSpan, 'kind' | 'isLong'>): string {
  const end = isLong === true && secret.length >= (kind === 'card number' ? 13 : 24) ? `, …${secret.slice(-4)}` : ''
  return `[redacted: ${kind}, ${secret.length} chars${/^, …[A-Za-z0-9]{4}$/u.test(end) ? end : ''}]`
}

type Budget = { readonly limits: RedactLimits; valuesLeft: number; charsLeft: number }

function walk(value: unknown, depth: number, budget: Budget): AuditValue {
  budget.valuesLeft--
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null
  if (typeof value === 'number') return numberValue(value)
  if (typeof value === 'string') return textValue(value, budget)
  if (typeof value !== 'object') return note(`${typeof value}`)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return note(`${value.byteLength} bytes`)
  if (depth >= budget.limits.depth) return note('deeper than is recorded')
  return Array.isArray(value) ? listValue(value, depth, budget) : objectValue(value, depth, budget)
}

function numberValue(value: number): AuditValue {
  if (!Number.isFinite(value)) return note(String(value))
  const isCard = Number.isInteger(value) && value > 1e12 && isCardNumber(String(value))
  // Minus zero is not a JSON number.
  return isCard ? hidden('card number', String(value)) : value + 0
}

function textValue(value: string, budget: Budget): Redacted {
  if (budget.charsLeft <= 0) return note(`${value.length} chars`)
  const kept = redactText(value, Math.min(budget.limits.textChars, budget.charsLeft))
  budget.charsLeft -= kept.length
  return kept
}

function listValue(list: readonly unknown[], depth: number, budget: Budget): AuditValue {
  const out: AuditValue[] = []
  for (const [i, item] of list.entries()) {
    if (i >= budget.limits.items || budget.valuesLeft <= 0) {
      out.push(note(`${list.length - i} more items`))
      break
    }
    // `["--password", "…"]` and `["Authorization", "…"]`: argument vectors and header pairs name the next item.
    const before = i > 0 ? list[i - 1] : undefined
    const isNamed = typeof before === 'string' && before.length <= keyChars && namesNext(before)
    out.push(isNamed ? underSecretName(item) : walk(item, depth + 1, budget))
  }
  return out
}

function namesNext(text: string): boolean {
  return /^-{0,2}[A-Za-z][A-Za-z0-9_.-]*:?$/u.test(text) && isSecretKey(text)
}

function objectValue(object: object, depth: number, budget: Budget): AuditValue {
  const entries = Object.entries(object)
  const out = new Map<string, AuditValue>()
  const isPair = namesASecret(entries)
  for (const [i, [key, value]] of entries.entries()) {
    if (i >= budget.limits.items || budget.valuesLeft <= 0) {
      out.set('…', note(`${entries.length - i} more members`))
      break
    }
    const isHidden = isSecretKey(key) || (isPair && holdsValue.test(key))
    out.set(freeKey(out, key), isHidden ? underSecretName(value) : walk(value, depth + 1, budget))
  }
  return Object.fromEntries(out)
}

const holdsName = /^(?:name|key|header|field|id|k|variable|env|parameter|label)$/iu
const holdsValue = /^(?:value|val|v|content|data|text|default|current)$/iu

/** `{ name: 'X-Api-Key', value: '…' }`: one member names the other. */
function namesASecret(entries: ReadonlyArray<readonly [string, unknown]>): boolean {
  return entries.some(([key, value]) => holdsName.test(key) && typeof value === 'string' && isSecretKey(value))
}

function freeKey(taken: ReadonlyMap<string, unknown>, key: string): string {
  const name: string = redactText(key, keyChars)
  if (!taken.has(name)) return name
  return `${name} (${taken.size})`
}

/** What stands under a credential's name is hidden whole, whatever it is; that it is absent may be known. */
function underSecretName(value: unknown): AuditValue {
  if (value === null || value === undefined || typeof value === 'boolean' || value === '') return walkFlat(value)
  if (typeof value === 'string') return hidden('named secret', value)
  if (typeof value === 'number') return hidden('named secret', String(value))
  return note('redacted: named secret')
}

function walkFlat(value: '' | boolean | null | undefined): AuditValue {
  return value === '' ? redactText('') : (value ?? null)
}

function hidden(kind: string, secret: string): Redacted {
  return printable(placeholder(secret, { kind })) as Redacted
}

function note(text: string): Redacted {
  return (text.startsWith('redacted') ? `[${text}]` : `[… ${text}]`) as Redacted
}
