import { readFileSync } from 'node:fs'
import { type LinearModel, modelFrom } from './linear.ts'
import { senseNetFrom } from './sense-file.ts'
import type { SenseNet } from './sense-net.ts'

const read: Record<string, LinearModel> = {}

/** The weights for what tools answer; read once, when the first text is judged. */
export function injectionModel(): LinearModel {
  return modelOf('injection')
}

/** The weights for what servers say of themselves: there other sentences are suspicious than in an answer. */
export function descriptionModel(): LinearModel {
  return modelOf('description')
}

let net: SenseNet | undefined

/** The net that hears again what the linear model suspects in an answer; read when there is such a passage. */
export function senseNet(): SenseNet {
  net ??= senseNetFrom(weightsFile('sense.net'))
  return net
}

function modelOf(name: 'injection' | 'description'): LinearModel {
  const model = read[name] ?? modelFrom(weightsFile(`${name}.model`))
  read[name] = model
  return model
}

// Beside the sources in development, beside the bundle in the package.
function weightsFile(name: string): Uint8Array {
  for (const place of [`../../presets/${name}`, `../presets/${name}`])
    try {
      return readFileSync(new URL(place, import.meta.url))
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
    }
  throw new Error(`presets/${name} is missing: reinstall the package`)
}
