import { descriptionModel, injectionModel } from './injection-model.ts'
import type { LinearModel } from './linear.ts'
import { rules } from './match.ts'
import { concepts, literals } from './rules/lexicon.ts'
import type { Rule } from './rules/rule.ts'

type Parts = {
  readonly rules: readonly Rule[]
  readonly words: ReturnType<typeof literals>
  models(): readonly LinearModel[]
}

const shipped: Parts = { rules, words: literals(), models: () => [injectionModel(), descriptionModel()] }

/** Why rules and model could not find what they are for. Cheap: nothing is compiled before the first text is read. */
export function textRuleFaults(parts: Parts = shipped): readonly string[] {
  const faults = parts.rules.length === 0 ? ['has no rules: reinstall the package'] : []
  const spoken = new Set(parts.words.map(({ id }) => id))
  for (const { id, orders } of parts.rules) {
    if (orders.length === 0) faults.push(`has a rule without orders: ${id}`)
    for (const name of orders.flatMap(order => order.split(' ')))
      if (!spoken.has(concepts.indexOf(name))) faults.push(`has no words for ${name}, which rule ${id} names`)
  }
  return [...faults, ...modelFaults(parts)]
}

function modelFaults({ models }: Parts): string[] {
  try {
    const isBlank = ({ weights, scale, bias }: LinearModel) =>
      !weights.some(weight => weight !== 0) || !Number.isFinite(bias) || !(scale > 0)
    return models().some(isBlank) ? ['has a model without weights: reinstall the package'] : []
  } catch (cause) {
    return [`cannot read its model: ${cause instanceof Error ? cause.message : 'the file is broken'}`]
  }
}
