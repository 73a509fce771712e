import type { ProveModel } from '../config/model.ts'

/** Tries the model of a configuration before anything depends on it. What runs models is loaded only where there is one. */
export const proveModel: ProveModel = async model => {
  if (model.onnx === undefined) return []
  const { proveOnnx } = await import('../gateway/onnx-proof.ts')
  return proveOnnx(model)
}
