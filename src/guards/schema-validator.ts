import { createRequire } from 'node:module'
import { isObject, type Json, type JsonObject, type JsonPointer } from '../core/json.ts'
import { copySchema, stepKeyword } from './schema-copy.ts'
import { linearPattern, type Spent } from './schema-pattern.ts'

/** A compiled schema, or why there is none. */
export type Validator =
  | {
      readonly kind: 'ready'
      readonly unchecked: readonly string[]
      readonly validate: (value: Json) => Mismatch | undefined
    }
  | { readonly kind: 'hostile' | 'invalid'; readonly why: string }

/** Where a value breaks the schema, by which keyword, and what would be right. */
export type Mismatch = { readonly at: JsonPointer; readonly keyword: string; readonly expected: string }

/** So many subschemas are visited for one value; what costs more breaks the schema. */
const stepsMax = 200_000

type AjvModule = typeof import('ajv/dist/ajv.js')
type Ajv = InstanceType<AjvModule['Ajv']>
type AjvOptions = ConstructorParameters<AjvModule['Ajv']>[0]

// Loaded at the first tool that has a schema: a start that validates nothing pays nothing.
const load = createRequire(import.meta.url)
const quiet = { strict: false, logger: false, validateFormats: false, ownProperties: true } as const

/** Compiles a schema with an instance of its own, so that no schema can reach or replace that of another tool. */
export function compileSchema(schema: JsonObject): Validator {
  const copy = copySchema(schema)
  if (copy.kind === 'hostile') return copy
  const spent: Spent = { steps: 0, patternChars: 0 }
  const unchecked: string[] = []
  const regExp = Object.assign((pattern: string) => linearPattern(pattern, { spent, unchecked }), { code: '' })
  try {
    const meta = metaOf(copy.isDraft7)
    if (meta.validateSchema(copy.schema) !== true) return { kind: 'invalid', why: 'it is no valid JSON Schema' }
    const ajv = newAjv(copy.isDraft7, { ...quiet, meta: false, validateSchema: false, code: { regExp } })
    const check = ajv
      .removeKeyword('uniqueItems')
      .addKeyword(uniqueItems)
      .addKeyword(stepOf(spent))
      .compile(copy.schema)
    return { kind: 'ready', unchecked, validate: value => mismatch(check, value, spent) }
  } catch (cause) {
    return cause instanceof RangeError
      ? { kind: 'hostile', why: 'it refers to itself' }
      : { kind: 'invalid', why: whyOf(cause) }
  }
}

function newAjv(isDraft7: boolean, options: AjvOptions): Ajv {
  if (isDraft7) {
    const { Ajv }: AjvModule = load('ajv/dist/ajv.js')
    return new Ajv(options)
  }
  const { Ajv2020 }: typeof import('ajv/dist/2020.js') = load('ajv/dist/2020.js')
  return new Ajv2020(options)
}

const metas = new Map<boolean, Ajv>()

function metaOf(isDraft7: boolean): Ajv {
  const meta = metas.get(isDraft7) ?? newAjv(isDraft7, quiet)
  metas.set(isDraft7, meta)
  return meta
}

function stepOf(spent: Spent) {
  const validate = () => {
    if (++spent.steps > stepsMax) throw new RangeError('too many steps')
    return true
  }
  return { keyword: stepKeyword, schemaType: 'boolean', validate, errors: false } as const
}

// The usual one compares each item with each: ten thousand objects would take minutes.
const uniqueItems = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  errors: false,
  validate: (isOn: boolean, items: readonly Json[]) => !isOn || new Set(items.map(canonical)).size === items.length,
} as const

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map(key => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join()}}`
}

type Check = ReturnType<Ajv['compile']>

function mismatch(check: Check, value: Json, spent: Spent): Mismatch | undefined {
  Object.assign(spent, { steps: 0, patternChars: 0 })
  try {
    if (check(value) === true) return undefined
  } catch (cause) {
    // A stack or a budget that ran out; anything else is a bug, and the pipeline's business.
    if (!(cause instanceof RangeError)) throw cause
    return { at: '', keyword: 'cost', expected: 'a value that can be checked in bounded time' }
  }
  const [error] = check.errors ?? []
  return {
    at: error?.instancePath ?? '',
    keyword: error?.keyword ?? 'unknown',
    expected: error?.message ?? 'another value',
  }
}

function whyOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.slice(0, 120) : 'it cannot be compiled'
}
