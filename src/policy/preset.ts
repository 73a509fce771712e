import { compilePolicy, type LayeredRule, type Policy, type PolicySource } from './compile.ts'
import { presets } from './presets.generated.ts'

/** From loose to strict. */
export const presetNames = ['watch', 'careful', 'strict'] as const
export type PresetName = (typeof presetNames)[number]

/** What holds where nobody said anything. */
export const defaultPreset: PresetName = 'careful'

/** A preset as the source of a policy. */
export function presetSource(name: PresetName): PolicySource {
  const { mode, defaults, rules } = presets[name]
  return { mode, defaults, rules: rules.map((rule, index): LayeredRule => ({ rule, layer: 'preset', index })) }
}

/** A preset made ready. Needs no file, no YAML and no expression engine: the shortest way to a first decision. */
export function presetPolicy(name: PresetName): Policy {
  const compiled = compilePolicy(presetSource(name))
  if (compiled.ok) return compiled.policy
  throw new Error(`preset ${name} does not compile: ${compiled.problems.map(({ text }) => text).join('; ')}`)
}
