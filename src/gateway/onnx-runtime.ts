import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileWasmFully } from './wasm-tier.ts'

/** The packages that run a model. They are the operator's to install: most gateways have no model, and they are large. */
export const runtimePackages = { 'onnxruntime-web': '1.30.0', '@huggingface/tokenizers': '0.2.0' } as const

export type Runtime = {
  openSession(bytes: Uint8Array): Promise<Session>
  tensor(type: string, numbers: readonly number[]): unknown
  newTokenizer(file: object, settings: object): Tokenizer
}

export type Session = {
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
  /** The scores of one output, and their dimensions. */
  run(feeds: Readonly<Record<string, unknown>>, output: string): Promise<{ data: number[]; dims: number[] } | undefined>
}

/** A name, the type of its numbers and its dimensions: a name where one is free. */
export type Port = { readonly name: string; readonly type: string; readonly shape: readonly (number | string)[] }

export type Tokenizer = {
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly number[] }
}

/** The runtime that lies beside this program, or the words that tell how to get it. */
export function loadRuntime(beside = import.meta.url): Runtime | { readonly missing: string } {
  compileWasmFully()
  const load = createRequire(beside)
  try {
    const ort: unknown = load('onnxruntime-web')
    const tokenizers: unknown = load('@huggingface/tokenizers')
    if (!isOrt(ort) || !isTokenizers(tokenizers)) return { missing: `other versions were expected; ${installWords()}` }
    return runtimeOf(ort, tokenizers)
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'MODULE_NOT_FOUND'
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    return { missing: `${isAbsent ? 'they are not installed' : `they do not load (${why})`}; ${installWords()}` }
  }
}

/** The command that puts them where this program finds them: into its project, or among what is installed for all. */
export function installWords(program = fileURLToPath(import.meta.url)): string {
  const what = Object.entries(runtimePackages).map(([name, version]) => `${name}@${version}`)
  const npm = `npm install --ignore-scripts`
  const at = program.lastIndexOf(`${join('/', 'node_modules')}${join('/')}`)
  if (at < 0) return `run: cd ${dirname(dirname(dirname(program)))} && ${npm} --no-save ${what.join(' ')}`
  const home = program.slice(0, at)
  const where = existsSync(join(home, 'package.json')) ? `cd ${home} && ${npm} --save-exact` : `${npm} --global`
  return `run: ${where} ${what.join(' ')}`
}

type Ort = {
  readonly env: { logLevel?: unknown; readonly wasm: { numThreads?: unknown } }
  readonly InferenceSession: { create(bytes: Uint8Array, options: object): Promise<unknown> }
  readonly Tensor: new (type: string, data: ArrayBufferView, dims: readonly number[]) => unknown
}
type Tokenizers = { readonly Tokenizer: new (file: object, settings: object) => Tokenizer }

function isOrt(value: unknown): value is Ort {
  return isRecord(value) && isRecord(value['env']) && isRecord(value['env']['wasm']) && 'InferenceSession' in value
}

function isTokenizers(value: unknown): value is Tokenizers {
  return isRecord(value) && typeof value['Tokenizer'] === 'function'
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && (typeof value === 'object' || typeof value === 'function')
}

function runtimeOf(ort: Ort, { Tokenizer }: Tokenizers): Runtime {
  // One thread, this one: a model may make its own texts wait, and nobody else's.
  ort.env.wasm.numThreads = 1
  ort.env.logLevel = 'fatal'
  return {
    async openSession(bytes) {
      const options = { executionProviders: ['wasm'], logSeverityLevel: 4 }
      const session: unknown = await ort.InferenceSession.create(bytes, options)
      if (!isSession(session)) throw new TypeError('the runtime opened something else than a session')
      return {
        inputs: session.inputMetadata.map(portOf),
        outputs: session.outputMetadata.map(portOf),
        run: async (feeds, output) => scoresIn(await session.run(feeds, [output]), output),
      }
    },
    tensor(type, numbers) {
      const data = type === 'int32' ? Int32Array.from(numbers) : BigInt64Array.from(numbers, BigInt)
      return new ort.Tensor(type, data, [1, numbers.length])
    },
    newTokenizer: (file, settings) => new Tokenizer(file, settings),
  }
}

type OrtSession = {
  readonly inputMetadata: readonly unknown[]
  readonly outputMetadata: readonly unknown[]
  run(feeds: object, outputs: readonly string[]): Promise<unknown>
}

function isSession(value: unknown): value is OrtSession {
  return isRecord(value) && Array.isArray(value['inputMetadata']) && typeof value['run'] === 'function'
}

function portOf(found: unknown): Port {
  const { name, type, shape } = isRecord(found) ? found : {}
  const dims: unknown[] = Array.isArray(shape) ? shape : []
  return {
    name: String(name),
    type: String(type),
    shape: dims.map(one => (typeof one === 'number' ? one : String(one))),
  }
}

function scoresIn(results: unknown, output: string): { data: number[]; dims: number[] } | undefined {
  const tensor = isRecord(results) ? results[output] : undefined
  if (!isRecord(tensor) || !(tensor['data'] instanceof Float32Array) || !Array.isArray(tensor['dims'])) return undefined
  return { data: [...tensor['data']], dims: tensor['dims'].map(Number) }
}
