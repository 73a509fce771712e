import * as z from 'zod'
import type { Document } from './document.ts'
import { nearest, type Path, type Problem, pathText } from './problem.ts'

type Issue = z.core.$ZodIssue

/** Turns what a schema complains about into lines that people can act on. */
export function problemsOf(
  error: z.ZodError,
  schema: z.ZodType,
  told: { document: Document; file: string },
): Problem[] {
  const { document, file } = told
  return error.issues.flatMap(flatten).flatMap(issue => {
    const path = pathOf(issue)
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(key => ({
        file,
        ...document.keyPlaceOf(path, key),
        at: pathText([...path, key]),
        text: unknownKey(key, keysAt(schema, path)),
      }))
    const place = issue.code === 'invalid_key' ? keyPlace(document, path) : document.placeOf(path)
    return [{ file, ...place, at: pathText(path), text: sentence(issue, valueIn(document.value, path)) }]
  })
}

function pathOf({ path }: Issue): Path {
  return path.map(step => (typeof step === 'number' ? step : String(step)))
}

function keyPlace(document: Document, path: Path): { line: number; column: number } {
  return document.keyPlaceOf(path.slice(0, -1), String(path.at(-1)))
}

// Of a union's branches the one that got furthest is the one that was meant.
function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const inside = issue.errors.find(branch => branch.length > 0 && branch.every(isInside))
  if (inside) return inside.flatMap(inner => flatten({ ...inner, path: [...issue.path, ...inner.path] }))
  const meant = issue.errors.find(branch =>
    branch.some(inner => inner.path.length > 0 || inner.code !== 'invalid_type'),
  )
  const isClear = meant?.every(inner => inner.code !== 'invalid_value') === true
  if (!meant || !isClear) return [issue]
  return meant.flatMap(inner => flatten({ ...inner, path: [...issue.path, ...inner.path] }))
}

/** About something further in, which only the branch that was meant can complain of. */
function isInside({ path, code }: Issue): boolean {
  return path.length > 0 || code === 'unrecognized_keys'
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known)
  if (near !== undefined) return `unknown key; did you mean ${near}?`
  return known.length > 0 ? `unknown key; known here are ${known.join(', ')}` : 'unknown key'
}

function sentence(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return value === undefined
        ? 'is missing'
        : `must be ${words[issue.expected] ?? issue.expected}, not ${kindOf(value)}`
    case 'invalid_value':
      return `${value === undefined ? 'is missing; it ' : ''}must be ${issue.values.map(String).join(' or ')}${guess(value, issue.values)}`
    case 'too_small':
      return `must be at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `must be at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'invalid_key':
      return 'this name cannot be used here; letters, digits, _ and - are fine'
    case 'invalid_union':
      return unionSentence(issue, value)
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1, 200)
  }
}

function unionSentence({ errors }: Extract<Issue, { code: 'invalid_union' }>, value: unknown): string {
  const possible = errors.flat().flatMap(inner => {
    if (inner.code === 'invalid_value') return inner.values.map(String)
    return inner.code === 'invalid_type' ? [words[inner.expected] ?? inner.expected] : []
  })
  const choices = [...new Set(possible)]
  return `must be ${choices.join(' or ')}, not ${kindOf(value)}${guess(value, choices)}`
}

function guess(value: unknown, values: readonly unknown[]): string {
  const near = typeof value === 'string' ? nearest(value, values.map(String)) : undefined
  return near === undefined ? '' : `; did you mean ${near}?`
}

const words: Readonly<Record<string, string>> = {
  ...{
    string: 'text',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    record: 'a map',
  },
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long'
  return origin === 'array' ? ' items long' : ''
}

function kindOf(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : (words[typeof value] ?? typeof value)
}

function valueIn(root: unknown, path: Path): unknown {
  let here = root
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = Object.entries(here).find(([key]) => key === String(step))?.[1]
  }
  return here
}

/** The keys that a schema knows at a place; read from its JSON schema, which has one shape for all kinds. */
function keysAt(schema: z.ZodType, path: Path): readonly string[] {
  let here: unknown[] = [z.toJSONSchema(schema, { unrepresentable: 'any' })]
  for (const step of path) here = here.flatMap(one => stepInto(one, step))
  return [...new Set(here.flatMap(branches).flatMap(one => Object.keys(objectIn(one, 'properties'))))]
}

function stepInto(schema: unknown, step: string | number): unknown[] {
  return branches(schema).flatMap(one => {
    if (typeof step === 'number') return [valueIn(one, ['items'])]
    const properties = objectIn(one, 'properties')
    return [Object.hasOwn(properties, step) ? properties[step] : valueIn(one, ['additionalProperties'])]
  })
}

function branches(schema: unknown): unknown[] {
  const any = valueIn(schema, ['anyOf'])
  return Array.isArray(any) ? any.flatMap(branches) : [schema]
}

function objectIn(schema: unknown, key: string): Readonly<Record<string, unknown>> {
  const found = valueIn(schema, [key])
  return typeof found === 'object' && found !== null ? { ...found } : {}
}
