import { readFileSync } from 'node:fs'
import { type LinearModel, modelFrom } from './linear.ts'

let model: LinearModel | undefined

/** The weights that ship with the package; read once, when the first text is judged. */
export function injectionModel(): LinearModel {
  model ??= modelFrom(weightsFile())
  return model
}

// Beside the sources in development, beside the bundle in the package.
function weightsFile(): Uint8Array {
  for (const place of ['../../presets/injection.model', '../presets/injection.model'])
    try {
      return readFileSync(new URL(place, import.meta.url))
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
    }
  throw new Error('presets/injection.model is missing: reinstall the package')
}
