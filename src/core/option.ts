/**
 * What can be set, as plain data: the configuration's types, its JSON schema, its docs and the console's forms are all
 * derived from it (`config/`), and a guard can run without loading a schema library.
 */
export type Option = NumberOption | BooleanOption | TextOption | ChoiceOption | ListOption | MapOption | GroupOption

export type NumberOption = About & { kind: 'number'; default: number; min: number; max: number }
export type BooleanOption = About & { kind: 'boolean'; default: boolean }
export type TextOption = About & { kind: 'text'; default: string; pattern?: string }
export type ChoiceOption<T extends string = string> = About & { kind: 'choice'; default: T; of: readonly T[] }
export type ListOption = About & {
  kind: 'list'
  default: readonly string[]
  maxItems: number
  /** The entries name files; when the configuration loads, their lines are added to the list of this name beside it. */
  linesInto?: string
}
export type MapOption<O extends Options = Options> = About & {
  kind: 'map'
  each: O
  /** Where a name that is not in the map is not without a value: the option beside the map that holds for it. */
  instead?: { readonly [K in keyof O]?: string }
}
export type GroupOption<O extends Options = Options> = About & { kind: 'group'; each: O }
/** Which change of a value makes the gate stricter. `later`: a choice lists its values from loose to strict. */
export type Tighter = 'lower' | 'higher' | 'true' | 'false' | 'fewer' | 'more' | 'later'

type About = {
  readonly about: string
  /** A lower layer (a project under a user, a user under an organisation) may change the value only this way. */
  readonly tighter?: Tighter
}

export type Options = { readonly [name: string]: Option }

/** The values that a set of options takes once defaults are filled in. */
export type ValuesOf<O extends Options> = { readonly [K in keyof O]: ValueOf<O[K]> }
type ValueOf<O> = O extends NumberOption
  ? number
  : O extends BooleanOption
    ? boolean
    : O extends TextOption
      ? string
      : O extends ChoiceOption<infer T>
        ? T
        : O extends ListOption
          ? readonly string[]
          : O extends MapOption<infer Each>
            ? Readonly<Record<string, ValuesOf<Each>>>
            : O extends GroupOption<infer Each>
              ? ValuesOf<Each>
              : never

export const option = {
  number: (o: Omit<NumberOption, 'kind'>): NumberOption => ({ kind: 'number', ...o }),
  boolean: (o: Omit<BooleanOption, 'kind'>): BooleanOption => ({ kind: 'boolean', ...o }),
  text: (o: Omit<TextOption, 'kind'>): TextOption => ({ kind: 'text', ...o }),
  choice: <const T extends string>(o: Omit<ChoiceOption<T>, 'kind'>): ChoiceOption<T> => ({ kind: 'choice', ...o }),
  list: (o: Omit<ListOption, 'kind'>): ListOption => ({ kind: 'list', ...o }),
  map: <const O extends Options>(o: Omit<MapOption<O>, 'kind'>): MapOption<O> => ({ kind: 'map', ...o }),
  group: <const O extends Options>(o: Omit<GroupOption<O>, 'kind'>): GroupOption<O> => ({ kind: 'group', ...o }),
}

/** The values when nothing is set. */
export function defaultsOf<O extends Options>(options: O): ValuesOf<O> {
  const entries = Object.entries(options).map(([name, o]) => [name, defaultOf(o)])
  return Object.fromEntries(entries) as ValuesOf<O>
}

function defaultOf(o: Option): unknown {
  switch (o.kind) {
    case 'map':
      return {}
    case 'group':
      return defaultsOf(o.each)
    case 'number':
    case 'boolean':
    case 'text':
    case 'choice':
    case 'list':
      return o.default
    default:
      return o satisfies never
  }
}

/** The values when this was set, which a schema has checked: what is missing takes its default. */
export function valuesOf<O extends Options>(options: O, set: Readonly<Record<string, unknown>>): ValuesOf<O> {
  const entries = Object.entries(options).map(([name, o]) => [name, valueFrom(o, set[name])])
  return Object.fromEntries(entries) as ValuesOf<O>
}

function valueFrom(o: Option, set: unknown): unknown {
  if (set === undefined) return defaultOf(o)
  if (o.kind === 'group') return valuesOf(o.each, set as Readonly<Record<string, unknown>>)
  if (o.kind !== 'map') return set
  const entries = Object.entries(set as Readonly<Record<string, Readonly<Record<string, unknown>>>>)
  return Object.fromEntries(entries.map(([key, values]) => [key, valuesOf(o.each, values)]))
}
