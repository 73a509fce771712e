import type { ModelConfig, ModelFault } from '../config/model.ts'
import { type OnnxReader, openOnnxReader } from './onnx-reader.ts'

/** The reader that was proved last, until somebody takes it: loading a large model twice takes twice as long. */
let proved: { readonly config: ModelConfig; readonly reader: OnnxReader } | undefined

/** Loads the model of a configuration and tries it; what is wrong with it, or nothing. */
export async function proveOnnx(config: ModelConfig, runtimeBeside?: string): Promise<readonly ModelFault[]> {
  const reader = readerOf(config, runtimeBeside)
  const faults = faultsOf(await reader.ready, config)
  void proved?.reader.close()
  proved = faults.length === 0 ? { config, reader } : undefined
  if (faults.length > 0) await reader.close()
  return faults
}

function faultsOf(found: Awaited<OnnxReader['ready']>, { deadlineMs, onnx }: ModelConfig): readonly ModelFault[] {
  if ('fault' in found) return [found.fault]
  if (found.windowMs <= deadlineMs) return []
  const text = `${onnx?.windowTokens} tokens take ${found.windowMs} ms here, longer than an answer waits (deadlineMs: ${deadlineMs}); give it more time or smaller windows`
  return [{ path: ['onnx', 'windowTokens'], text }]
}

/** The reader that was proved for this configuration, or a new one. */
export function takeOnnx(config: ModelConfig): OnnxReader {
  if (proved?.config !== config) return readerOf(config)
  const { reader } = proved
  proved = undefined
  return reader
}

function readerOf(config: ModelConfig, runtimeBeside?: string): OnnxReader {
  if (config.onnx === undefined) throw new TypeError('this model has no file')
  return openOnnxReader({ ...config, onnx: config.onnx, ...(runtimeBeside === undefined ? {} : { runtimeBeside }) })
}
