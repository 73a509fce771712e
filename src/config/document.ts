import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLError } from 'yaml'
import { type Path, type Problem, pathText } from './problem.ts'

/** A configuration file's text as data, and where each of its parts stands. */
export type Document = {
  readonly value: unknown
  /** Line and column of a value; of the nearest part that exists when it does not. */
  placeOf(path: Path): Place
  /** Whether something is written at `path`. */
  has(path: Path): boolean
  /** Line and column of a key inside the map at `path`. */
  keyPlaceOf(path: Path, key: string): Place
}

export type Place = { readonly line: number; readonly column: number }
export type Read =
  | { readonly ok: true; readonly document: Document }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export const bytesMax = 131_072
const depthMax = 24
const nodesMax = 20_000
const problemsMax = 20

/** Reads YAML (and so JSON) strictly: no aliases, no tags, no second document, no key twice. */
export function readDocument(text: string, file: string): Read {
  if (Buffer.byteLength(text) > bytesMax) {
    const problem = { file, line: 1, column: 1, at: '', text: `is larger than ${bytesMax / 1024} KiB` }
    return { ok: false, problems: [problem] }
  }
  if (isTooDeep(text)) {
    return { ok: false, problems: [{ file, line: 1, column: 1, at: '', text: 'is nested too deeply' }] }
  }
  const lines = new LineCounter()
  // The library compares every key with every other one; `build` finds twins with a set.
  const options = {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    version: '1.2',
    schema: 'core',
  } as const
  const parsed = parseDocument(text, options)
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problems: Problem[] = [...parsed.errors, ...parsed.warnings].slice(0, problemsMax).map(error => {
    return { file, ...at(error.pos[0]), at: '', text: wordsOf(error) }
  })
  if (problems.length > 0) return { ok: false, problems }
  const notes: Notes = { places: new Map(), keys: new Map(), problems, nodes: 0, file, at }
  const value = build(parsed.contents, [], notes) ?? {}
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, problemsMax) }
  return { ok: true, document: documentOf(value, notes) }
}

const bracketsMax = 200
const bulletsOnALine = /(?:[-?][ \t]){200}/u

// The library goes as deep as its stack and starts over at every step; text like this is never a configuration.
function isTooDeep(text: string): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const char = text[i]
    if (char === '[' || char === '{') depth++
    else if (depth > 0 && (char === ']' || char === '}')) depth--
    if (depth > bracketsMax) return true
  }
  return bulletsOnALine.test(text)
}

type Notes = {
  readonly places: Map<string, number>
  readonly keys: Map<string, number>
  readonly problems: Problem[]
  nodes: number
  readonly file: string
  readonly at: (offset: number) => Place
}

function documentOf(value: unknown, { places, keys, at }: Notes): Document {
  const placeOf = (path: Path): Place => {
    for (let length = path.length; length >= 0; length--) {
      const offset = places.get(keyOf(path.slice(0, length)))
      if (offset !== undefined) return at(offset)
    }
    return { line: 1, column: 1 }
  }
  return {
    value,
    placeOf,
    has: path => places.has(keyOf(path)),
    keyPlaceOf: (path, key) => {
      const offset = keys.get(keyOf([...path, key]))
      return offset === undefined ? placeOf(path) : at(offset)
    },
  }
}

function keyOf(path: Path): string {
  return JSON.stringify(path)
}

function wordsOf(error: YAMLError): string {
  if (error.code === 'RESOURCE_EXHAUSTION') return 'is nested too deeply'
  if (error.code === 'TAG_RESOLVE_FAILED') return 'has a tag (!…), which is not read here'
  return `is not YAML: ${error.message.split('\n')[0]?.slice(0, 160)}`
}

// Values are built here and not by the library: prototypes, twins and aliases never come into being.
function build(node: unknown, path: Path, notes: Notes): unknown {
  const offset = rangeOf(node)
  if (offset !== undefined) notes.places.set(keyOf(path), offset)
  const wrong = (text: string): undefined => {
    notes.problems.push({ file: notes.file, ...notes.at(offset ?? 0), at: pathText(path), text })
  }
  if (notes.problems.length >= problemsMax) return undefined
  if (++notes.nodes > nodesMax) return wrong(`is the ${nodesMax + 1}th value; there may be ${nodesMax}`)
  if (path.length > depthMax) return wrong(`is nested deeper than ${depthMax}`)
  if (node === null || node === undefined) return null
  if (isAlias(node)) return wrong('is an alias (*…), which is not read here: write the value out')
  if (isScalar(node)) return isKept(node.value) ? node.value : wrong('is a number that cannot be kept exactly')
  if (isSeq(node)) return node.items.map((item, index) => build(item, [...path, index], notes))
  return isMap(node) ? buildMap(node.items, path, notes) : wrong('is nothing that is read here')
}

function buildMap(items: readonly unknown[], path: Path, notes: Notes): Readonly<Record<string, unknown>> {
  const entries = new Map<string, unknown>()
  for (const item of items) {
    const { key, value } = pairOf(item)
    const name = isScalar(key) && typeof key.value === 'string' ? key.value : undefined
    const offset = rangeOf(key) ?? 0
    const wrong = (text: string): number =>
      notes.problems.push({ file: notes.file, ...notes.at(offset), at: pathText(path), text })
    if (name === undefined) wrong('has a key that is not text; put it in quotes')
    else if (name === '__proto__') wrong('has a key named __proto__, which is reserved')
    else if (entries.has(name)) wrong(`has the key ${name.slice(0, 100)} twice`)
    else {
      notes.keys.set(keyOf([...path, name]), offset)
      entries.set(name, build(value, [...path, name], notes))
    }
  }
  return Object.fromEntries(entries)
}

function pairOf(item: unknown): { key: unknown; value: unknown } {
  const isPair = typeof item === 'object' && item !== null && 'key' in item && 'value' in item
  return isPair ? { key: item.key, value: item.value } : { key: undefined, value: undefined }
}

function isKept(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) <= 2 ** 53
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

function rangeOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined
  const [from]: unknown[] = node.range
  return typeof from === 'number' ? from : undefined
}
