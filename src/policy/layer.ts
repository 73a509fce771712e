import type { LayeredRule, PolicySource } from './compile.ts'
import { defaultPreset, type PresetName, presetNames, presetSource } from './preset.ts'
import { type Defaults, type Layer, type Mode, modes, type Rule } from './rule.ts'

/** What one file says about policy. */
export type PolicyLayer = {
  readonly layer: Exclude<Layer, 'preset'>
  readonly mode?: Mode | undefined
  readonly preset?: PresetName | undefined
  readonly defaults?: Partial<Defaults> | undefined
  readonly rules: readonly Rule[]
}

/** What a layer may not say, and where it says it. */
export type LayerProblem = {
  readonly layer: PolicyLayer['layer']
  readonly path: readonly (string | number)[]
  readonly text: string
}

/**
 * Lays organisation, user and project over a preset. The first of organisation and user may set anything; every layer
 * after it only tightens, and a project always does.
 */
export function joinLayers(layers: readonly PolicyLayer[]): {
  source: PolicySource
  problems: readonly LayerProblem[]
} {
  const problems: LayerProblem[] = []
  let joined: Joined = { preset: defaultPreset, mode: undefined, defaults: {}, rules: [] }
  for (const [place, layer] of inOrder(layers).entries()) {
    const isFree = place === 0 && layer.layer !== 'project'
    if (!isFree) problems.push(...loosened(layer, joined))
    joined = laidOver(joined, layer)
  }
  const base = presetSource(joined.preset)
  const source: PolicySource = {
    mode: joined.mode ?? base.mode,
    defaults: { ...base.defaults, ...joined.defaults },
    rules: [...base.rules, ...joined.rules],
  }
  return { source, problems }
}

type Joined = {
  readonly preset: PresetName
  readonly mode: Mode | undefined
  readonly defaults: Partial<Defaults>
  readonly rules: readonly LayeredRule[]
}

const order: readonly Layer[] = ['organisation', 'user', 'project']

function inOrder(layers: readonly PolicyLayer[]): PolicyLayer[] {
  return [...layers].sort((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer))
}

function laidOver(below: Joined, { layer, mode, preset, defaults, rules }: PolicyLayer): Joined {
  return {
    preset: preset ?? below.preset,
    mode: mode ?? below.mode,
    defaults: { ...below.defaults, ...defaults },
    rules: [...below.rules, ...rules.map((rule, index) => ({ rule, layer, index }))],
  }
}

function loosened(over: PolicyLayer, joined: Joined): LayerProblem[] {
  const { layer, mode, preset, rules } = over
  const problems: LayerProblem[] = []
  const wrong = (path: LayerProblem['path'], text: string): number => problems.push({ layer, path, text })
  const before = joined.mode ?? presetSource(joined.preset).mode
  if (isLooser(modes, mode, before)) wrong(['mode'], `loosens ${before} to ${mode}, which ${owners(layer)} may not`)
  if (isLooser(presetNames, preset, joined.preset))
    wrong(['preset'], `loosens ${joined.preset} to ${preset}, which ${owners(layer)} may not`)
  for (const [index, rule] of rules.entries())
    if (rule.then === 'allow')
      wrong(['policy', index, 'then'], `${owners(layer)} may only tighten: an allow rule belongs to the layer above it`)
  if (layer === 'project') problems.push(...tooMany(rules))
  return [...problems, ...loosenedDefaults(over, joined)]
}

/** Every rule costs time on every call, and whoever wrote a project's file pays nothing for it. */
const projectMax = { rules: 100, conditions: 20 } as const

function tooMany(rules: readonly Rule[]): LayerProblem[] {
  const problems: LayerProblem[] = []
  const wrong = (index: number, text: string): number =>
    problems.push({ layer: 'project', path: ['policy', index], text })
  if (rules.length > projectMax.rules) wrong(projectMax.rules, `a project may have ${projectMax.rules} rules`)
  const withCondition = [...rules.keys()].filter(index => rules[index]?.when !== undefined)
  const last = withCondition[projectMax.conditions]
  if (last !== undefined) wrong(last, `a project may have ${projectMax.conditions} rules with a condition`)
  return problems
}

const answers = ['allow', 'ask', 'block'] as const

function loosenedDefaults({ layer, defaults = {} }: PolicyLayer, joined: Joined): LayerProblem[] {
  const before = { ...presetSource(joined.preset).defaults, ...joined.defaults }
  const problems: LayerProblem[] = []
  for (const key of ['request', 'unknown'] as const)
    if (isLooser(answers, defaults[key], before[key])) {
      const text = `loosens ${before[key]} to ${defaults[key]}, which ${owners(layer)} may not`
      problems.push({ layer, path: ['defaults', key], text })
    }
  for (const [index, method] of (defaults.harmless ?? []).entries())
    if (!before.harmless.includes(method)) {
      const text = `adds ${method}, which ${owners(layer)} may not: it may only take methods away`
      problems.push({ layer, path: ['defaults', 'harmless', index], text })
    }
  return problems
}

function isLooser<T extends string>(fromLoose: readonly T[], wanted: T | undefined, before: T): boolean {
  return wanted !== undefined && fromLoose.indexOf(wanted) < fromLoose.indexOf(before)
}

function owners(layer: Layer): string {
  return layer === 'project' ? 'a project' : 'a user'
}
