/** What is known of a part of a pattern: all that it can match, or words of which every match holds at least one. */
type Known = { readonly whole?: readonly string[]; readonly needs?: Clauses }
type Clauses = readonly (readonly string[])[]
type Reader = { readonly source: string; at: number }

const nothing: Known = {}
const empty: Known = { whole: [''] }
/** Where a word begins or ends: a text that is searched has this sign at each such place. */
export const edge = '\0'
const wholesMax = 256

/**
 * What a text must have for a pattern to match, as lists of which it must hold one word each. Reads patterns of this
 * program only, with the flag `u` and without folding of case: what it does not know counts as able to match anything.
 * A word has `edge` where it begins or ends.
 */
export function requiredWords(source: string): readonly (readonly string[])[] {
  const reader = { source, at: 0 }
  const all = [needsOf(alternatives(reader))].filter(each => each !== undefined)
  if (reader.at < source.length) throw new Error(`unbalanced pattern at ${reader.at}: ${source.slice(0, 80)}`)
  return all.flat().map(words => [...new Set(words.map(withEdges))])
}

function edged(text: string): string {
  return text.replaceAll(/\b/gu, edge)
}

/** Inside a word of a pattern every edge is known; at its ends only those are that the pattern asks for. */
function withEdges(word: string): string {
  const inner = edged(word.replaceAll(edge, ''))
  const from = inner.startsWith(edge) ? 1 : 0
  const bare = inner.slice(from, inner.endsWith(edge) ? -1 : inner.length)
  return `${word.startsWith(edge) ? edge : ''}${bare}${word.endsWith(edge) ? edge : ''}`
}

function isBlank(word: string): boolean {
  return word === '' || word === edge
}

function needsOf({ whole, needs }: Known): Clauses | undefined {
  if (whole === undefined) return needs
  return whole.some(isBlank) ? undefined : [whole]
}

function alternatives(reader: Reader): Known {
  const all = [sequence(reader)]
  while (reader.source[reader.at] === '|') {
    reader.at++
    all.push(sequence(reader))
  }
  const [only] = all
  if (only !== undefined && all.length === 1) return only
  const wholes = all.map(({ whole }) => whole)
  const joined = wholes.every(each => each !== undefined) ? wholes.flat() : undefined
  if (joined !== undefined && joined.length <= wholesMax) return { whole: joined }
  const needs = all.map(each => rarest(needsOf(each)))
  return needs.every(each => each !== undefined) ? { needs: [needs.flat()] } : nothing
}

function sequence(reader: Reader): Known {
  let run: readonly string[] = ['']
  const needs: (readonly string[])[] = []
  let isWhole = true
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] ?? '')) {
    const part = repeated(reader, atom(reader))
    const { whole } = part
    if (whole !== undefined && isFew(run.length, whole.length)) {
      run = run.flatMap(start => whole.map(end => joinedAt(start, end)))
      continue
    }
    isWhole = false
    needs.push(run, ...(part.needs ?? []))
    run = whole ?? ['']
  }
  if (isWhole) return { whole: run }
  const told = [...needs, run].filter(words => !words.some(isBlank))
  return told.length === 0 ? nothing : { needs: told }
}

/** Two lists one after the other are kept as one only where that stays short; apart each must still be met. */
function isFew(one: number, other: number): boolean {
  return one * other <= (Math.min(one, other) === 1 ? wholesMax : 16)
}

function joinedAt(start: string, end: string): string {
  return start.endsWith(edge) && end.startsWith(edge) ? start + end.slice(1) : start + end
}

/** Longer words are rarer, and of words as long fewer are found sooner. */
function rarest(needs: Clauses | undefined): readonly string[] | undefined {
  return needs?.toSorted((a, b) => shortest(b) - shortest(a) || a.length - b.length)[0]
}

function shortest(all: readonly string[]): number {
  return all.reduce((least, { length }) => Math.min(least, length), Number.POSITIVE_INFINITY)
}

function repeated(reader: Reader, part: Known): Known {
  const sign = reader.source[reader.at] ?? ''
  if (!'?*+{'.includes(sign) || sign === '') return part
  const isSome = sign === '+' || (sign === '{' && reader.source[reader.at + 1] !== '0')
  reader.at = sign === '{' ? reader.source.indexOf('}', reader.at) + 1 : reader.at + 1
  if (reader.source[reader.at] === '?') reader.at++
  if (sign === '?') return part.whole === undefined ? nothing : { whole: [...new Set([...part.whole, ''])] }
  const needs = isSome ? needsOf(part) : undefined
  return needs === undefined ? nothing : { needs }
}

function atom(reader: Reader): Known {
  const sign = String.fromCodePoint(reader.source.codePointAt(reader.at) ?? 0)
  if (sign === '(') return group(reader)
  if (sign === '[') return oneOf(reader)
  if (sign === '\\') return escaped(reader)
  reader.at += sign.length
  if (sign === '.') return nothing
  return sign === '^' || sign === '$' ? empty : { whole: [sign] }
}

function group(reader: Reader): Known {
  const [opening = '('] = /^\((?:\?(?::|<?[=!]|<\w+>))?/u.exec(reader.source.slice(reader.at, reader.at + 40)) ?? []
  reader.at += opening.length
  const inner = alternatives(reader)
  if (reader.source[reader.at] !== ')') throw new Error(`unclosed group in ${reader.source.slice(0, 80)}`)
  reader.at++
  return /[=!]$/u.test(opening) ? empty : inner
}

/** A few plain signs in brackets are as many words; a range or a class may be anything. */
function oneOf(reader: Reader): Known {
  const from = reader.at + 1
  let to = from
  while (to < reader.source.length && reader.source[to] !== ']') to += reader.source[to] === '\\' ? 2 : 1
  reader.at = to + 1
  const signs = reader.source.slice(from, to)
  return /^[\w "'|]{1,4}-?$/u.test(signs) ? { whole: [...signs] } : nothing
}

function escaped(reader: Reader): Known {
  const [all = '', sign = ''] =
    /^\\(p\{[^}]*\}|u[\da-f]{4}|.)/iu.exec(reader.source.slice(reader.at, reader.at + 60)) ?? []
  reader.at += all.length
  if (sign === 'b') return { whole: [edge] }
  if (sign === 'B') return empty
  if (/^u[\da-f]{4}$/iu.test(sign)) return { whole: [String.fromCodePoint(Number.parseInt(sign.slice(1), 16))] }
  return /^[a-z0-9]/iu.test(sign) ? nothing : { whole: [sign] }
}
