import { stat } from 'node:fs/promises'
import type { ModelFault, OnnxConfig } from './model.ts'

/** A model is held in memory twice while it is loaded, and what runs it has four gigabytes at most. */
export const modelFileBytesMax = { file: 1024 ** 3, tokenizer: 64 * 1024 ** 2 } as const

/** What keeps the files of a model from being read, or from being believed. */
export async function modelFileFaults(onnx: OnnxConfig): Promise<ModelFault[]> {
  const faults = (['file', 'tokenizer'] as const).map(async name => {
    const why = await whyNot(onnx[name], modelFileBytesMax[name])
    return why === undefined ? [] : [{ path: ['onnx', name], text: `${onnx[name]} ${why}` }]
  })
  return (await Promise.all(faults)).flat()
}

async function whyNot(path: string, bytesMax: number): Promise<string | undefined> {
  try {
    const found = await stat(path)
    if (!found.isFile()) return 'is not a file'
    if (found.size === 0) return 'is empty'
    if (found.size > bytesMax) return `is larger than ${bytesMax / 1024 ** 2} MiB; serve such a model behind url`
    return process.getuid === undefined ? undefined : strangeWriter(found, process.getuid())
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    return code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`
  }
}

/** Whoever can write the weights can teach the model to say nothing. */
function strangeWriter({ mode, uid }: { mode: number; uid: number }, me: number): string | undefined {
  if ((mode & 0o002) !== 0) return 'can be written by everybody; run: chmod o-w on it'
  return uid === me || uid === 0 ? undefined : `belongs to another user (uid ${uid}); make it yours or root's`
}
