import { readFileSync } from 'node:fs'
import { type LinearModel, modelFrom } from './linear.ts'

const read: Record<string, LinearModel> = {}

/** The weights for what tools answer; read once, when the first text is judged. */
export function injectionModel(): LinearModel {
  return modelOf('injection')
}

/** The weights for what servers say of themselves: there other sentences are suspicious than in an answer. */
export function descriptionModel(): LinearModel {
  return modelOf('description')
}

function modelOf(name: 'injection' | 'description'): LinearModel {
  const model = read[name] ?? modelFrom(weightsFile(name))
  read[name] = model
  return model
}

// Beside the sources in development, beside the bundle in the package.
function weightsFile(name: string): Uint8Array {
  for (const place of [`../../presets/${name}.model`, `../presets/${name}.model`])
    try {
      return readFileSync(new URL(place, import.meta.url))
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
    }
  throw new Error(`presets/${name}.model is missing: reinstall the package`)
}
