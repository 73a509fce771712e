import { createRequire } from 'node:module'
import { anyGlobOf, globOf } from '../core/glob.ts'
import { isObject, type Json, type JsonPointer } from '../core/json.ts'
import { anySpellingOf } from '../core/resource-name.ts'
import { keywordScan } from './keyword.ts'

/** What a user says of one class of data. */
export type Class = {
  readonly tools: readonly string[]
  readonly paths: readonly string[]
  readonly pointers: readonly string[]
  readonly words: readonly string[]
  readonly pattern: string
  readonly label: string
  readonly answers: 'note' | 'cut'
}

type Place = { readonly from: number; readonly to: number }

export type ClassText = {
  /** Where data of the class stands in a text, by its words and its pattern. */
  find(text: string): readonly Place[]
  isMember(pointer: JsonPointer): boolean
}

export type CompiledClass = Class & {
  readonly name: string
  readonly text: ClassText
  isTool(name: string): boolean
  isPath(name: string): boolean
}

type Classes = Readonly<Record<string, Class>>

// Options are one value until the next reload, so that patterns are compiled once.
const compiled = new WeakMap<Classes, readonly CompiledClass[]>()

/** Classes with what they are told by compiled. */
export function compiledClasses(classes: Classes): readonly CompiledClass[] {
  const known = compiled.get(classes)
  if (known !== undefined) return known
  const all = Object.entries(classes).map(([name, one]) => {
    const places = { isTool: anyGlobOf(one.tools), isPath: anySpellingOf(one.paths) }
    return { ...one, name, ...places, text: classTextOf(one) }
  })
  compiled.set(classes, all)
  return all
}

type Fault = { readonly path: readonly string[]; readonly text: string }

/** What is wrong with classes: a pattern that does not compile, and a class that nothing could ever be of. */
export function classFaults(classes: Classes): readonly Fault[] {
  return Object.entries(classes).flatMap(([name, one]) => {
    const why = patternFault(one.pattern)
    if (why !== undefined) return [{ path: [name, 'pattern'], text: `is no regular expression of RE2: ${why}` }]
    const says = [...one.tools, ...one.paths, ...one.pointers, ...one.words].filter(word => word.trim() !== '')
    if (says.length > 0 || one.pattern !== '') return []
    return [{ path: [name], text: 'says nothing: name tools, paths, pointers, words or a pattern, or take it out' }]
  })
}

function patternFault(pattern: string): string | undefined {
  try {
    patternFinder(pattern)
    return undefined
  } catch (cause) {
    return cause instanceof Error ? cause.message.slice(0, 160) : 'it does not compile'
  }
}

/** Compiles the words, the pattern and the pointers of a class. */
export function classTextOf({ words, pattern, pointers }: Class): ClassText {
  const byWord = wordsFinder(words)
  const byPattern = patternFinder(pattern)
  const globs = pointers.map(globOf)
  return { find: text => [...byWord(text), ...byPattern(text)], isMember: pointer => globs.some(fits => fits(pointer)) }
}

/** Places told of one text; the rest of a text that holds more is of the class anyway. */
const classPlacesMax = 1000

type Finder = (text: string) => readonly Place[]

function wordsFinder(words: readonly string[]): Finder {
  const wanted = words.map(word => word.trim().toLowerCase()).filter(word => word !== '')
  if (wanted.length === 0) return () => []
  const scan = keywordScan(wanted)
  return text => {
    const places: Place[] = []
    // Units of other scripts fold as well; where folding would change lengths the text is read as it is.
    const lower = text.toLowerCase()
    scan(lower.length === text.length ? lower : text, (word, from) => {
      const to = from + (wanted[word]?.length ?? 0)
      const isWhole = !isWord(text.charAt(from - 1)) && !isWord(text.charAt(to))
      if (isWhole && places.length < classPlacesMax) places.push({ from, to })
    })
    return places
  }
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character)
}

const load = createRequire(import.meta.url)

/** A pattern of a user runs on a linear engine; one that does not compile stops the start, it is never passed over. */
function patternFinder(pattern: string): Finder {
  if (pattern === '') return () => []
  const { RE2JS }: typeof import('re2js') = load('re2js')
  const compiled = RE2JS.compile(pattern)
  return text => {
    const places: Place[] = []
    const matcher = compiled.matcher(text)
    while (places.length < classPlacesMax && matcher.find())
      if (matcher.end() > matcher.start()) places.push({ from: matcher.start(), to: matcher.end() })
    return places
  }
}

const pathsMax = 64
const depthMax = 8

/** The strings among arguments that can name a file or an address. */
export function pathsNamedBy(args: Json, depth = 0): readonly string[] {
  if (typeof args === 'string') return args.length <= 4096 && !args.includes('\n') ? [args] : []
  if (depth >= depthMax || args === null || typeof args !== 'object') return []
  const values = isObject(args) ? Object.values(args) : args
  return values.flatMap(value => (value === undefined ? [] : pathsNamedBy(value, depth + 1))).slice(0, pathsMax)
}
