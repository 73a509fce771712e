import { anyGlobOf } from '../core/glob.ts'
import { type MapOption, type Option, type Options, type Tighter, valuesOf } from '../core/option.ts'
import type { Path } from './problem.ts'

/** What a lower layer tried to loosen. */
export type Loosening = { readonly path: Path; readonly text: string }

type Values = Readonly<Record<string, unknown>>

/** What in `set` would loosen `before`, the values that hold without it. */
export function looseningsIn(
  options: Options,
  before: Values,
  { set, path }: { set: Values; path: Path },
): Loosening[] {
  return Object.entries(set).flatMap(([name, wanted]) => {
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (option === undefined || wanted === undefined) return []
    const change = { set: wanted, path: [...path, name] }
    return option.kind === 'map'
      ? looseningInMap(option, [name, before], change)
      : loosening(option, before[name], change)
  })
}

type Change = { readonly set: unknown; readonly path: Path }

/** An entry that is new is held against all that may have held for its name until now. */
function looseningInMap(
  option: MapOption,
  [name, beside]: readonly [string, Values],
  { set, path }: Change,
): Loosening[] {
  const known = recordOf(beside[name])
  return Object.entries(recordOf(set)).flatMap(([key, values]) => {
    const here = { set: recordOf(values), path: [...path, key] }
    if (Object.hasOwn(known, key)) return looseningsIn(option.each, recordOf(known[key]), here)
    if (option.instead === undefined) return looseningsIn(option.each, defaults(option.each), here)
    // What an entry leaves out takes its default, which may be more than what held.
    const whole = { ...here, set: valuesOf(option.each, here.set) }
    const held = [insteadOf(option.instead, beside), ...lessExact(key, known)]
    return held.flatMap(old => looseningsIn(option.each, { ...defaults(option.each), ...old }, whole))
  })
}

function insteadOf(instead: NonNullable<MapOption['instead']>, beside: Values): Values {
  return Object.fromEntries(Object.entries(instead).map(([name, other]) => [name, beside[other ?? '']]))
}

/** `server/tool` holds before `tool`. */
function lessExact(key: string, known: Values): Values[] {
  const tool = key.slice(key.indexOf('/') + 1)
  return tool !== key && Object.hasOwn(known, tool) ? [recordOf(known[tool])] : []
}

function loosening(option: Exclude<Option, MapOption>, before: unknown, { set, path }: Change): Loosening[] {
  switch (option.kind) {
    case 'group':
      return looseningsIn(option.each, recordOf(before), { set: recordOf(set), path })
    default:
      if (isSame(before, set) || isTighter(option, before, set)) return []
      return [{ path, text: `may not be changed from ${shown(before)} to ${shown(set)} here${hint(option.tighter)}` }]
  }
}

function defaults(options: Options): Values {
  return Object.fromEntries(Object.entries(options).map(([name, o]) => [name, 'default' in o ? o.default : {}]))
}

function isTighter(option: Option, before: unknown, set: unknown): boolean {
  switch (option.tighter) {
    case 'lower':
      return typeof before === 'number' && typeof set === 'number' && set <= before
    case 'higher':
      return typeof before === 'number' && typeof set === 'number' && set >= before
    case 'true':
      return set === true
    case 'false':
      return set === false
    case 'fewer':
      return listOf(set).every(item => listOf(before).includes(item))
    case 'more':
      return listOf(before).every(item => listOf(set).includes(item))
    case 'later':
      return option.kind === 'choice' && option.of.indexOf(String(set)) >= option.of.indexOf(String(before))
    case undefined:
      return false
    default:
      return option.tighter satisfies never
  }
}

const hints: Readonly<Record<Tighter, string>> = {
  lower: '; only lower',
  higher: '; only higher',
  true: '; only to true',
  false: '; only to false',
  fewer: '; items may only be taken away',
  more: '; items may only be added',
  later: '; only to a stricter value',
}

function hint(tighter: Tighter | undefined): string {
  return tighter === undefined ? '; it belongs to the layer above' : hints[tighter]
}

/** Which of these tool patterns reach further than the patterns above them. */
export function wider(above: readonly string[] | undefined, patterns: readonly string[]): readonly string[] {
  if (above === undefined) return []
  // A star in a pattern can only be matched by a star above it, so fitting as plain text means being contained.
  const fits = anyGlobOf(above)
  return patterns.filter(pattern => !fits(pattern))
}

/** Lays what was set over what holds, as deep as options go. */
export function laidOver(options: Options, below: Values, set: Values): Values {
  const joined: Record<string, unknown> = { ...below }
  for (const [name, value] of Object.entries(set)) {
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (value === undefined) continue
    if (option?.kind === 'group') joined[name] = laidOver(option.each, recordOf(below[name]), recordOf(value))
    else if (option?.kind === 'map') joined[name] = mapOver(option.each, recordOf(below[name]), recordOf(value))
    else joined[name] = value
  }
  return joined
}

function mapOver(each: Options, below: Values, set: Values): Values {
  const entries = Object.entries(set).map(([key, values]) => {
    const old = Object.hasOwn(below, key) ? recordOf(below[key]) : {}
    return [key, laidOver(each, old, recordOf(values))] as const
  })
  return { ...below, ...Object.fromEntries(entries) }
}

function recordOf(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'nothing'
}
