import { basename, dirname, join } from 'node:path'
import { classifyAddress } from '../core/address.ts'
import { type ValuesOf, valuesOf } from '../core/option.ts'
import { type Secret, secretOf } from './secret.ts'
import { modelOptions } from './settings.ts'

/** A larger model that reads what the guards have read, behind an address or in a file; undefined where none is set. */
export type ModelConfig = Omit<ValuesOf<typeof modelOptions>, 'key' | 'onnx'> & {
  readonly key: Secret | undefined
  readonly onnx: OnnxConfig | undefined
}

/** A model that the gateway runs itself. Its paths are absolute. */
export type OnnxConfig = ValuesOf<(typeof modelOptions)['onnx']['each']>

/** What is wrong, and with which option of the section. */
export type ModelFault = { readonly path: readonly string[]; readonly text: string }

/** Runs the model on texts of its own before anything depends on it. */
export type ProveModel = (model: ModelConfig) => Promise<readonly ModelFault[]>

/** The seat for a model, or what is wrong with it. `resolve` makes the paths of its options absolute. */
export function modelOf(
  written: Readonly<Record<string, unknown>>,
  resolve: (path: string, option: readonly string[]) => string,
): { readonly model: ModelConfig | undefined; readonly faults: readonly ModelFault[] } {
  const { key, onnx, ...values } = valuesOf(modelOptions, written)
  if (values.url === '') {
    const file = onnxOf(onnx, resolve)
    const name = values.name === '' ? basename(onnx.file) : values.name
    const model = file === undefined ? undefined : { ...values, name, key: undefined, onnx: file }
    return { model, faults: file === undefined ? [] : labelFaults(file) }
  }
  const faults: ModelFault[] = []
  if (onnx.file !== '') faults.push({ path: ['onnx', 'file'], text: 'there is one seat: take this away, or url' })
  const why = urlFault(values.url)
  if (why !== undefined) faults.push({ path: ['url'], text: why })
  if (values.name === '') faults.push({ path: ['name'], text: 'is missing: endpoints serve more than one model' })
  const made = key === '' ? undefined : secretOf(key, path => resolve(path, ['key']))
  if (made?.ok === false) faults.push({ path: ['key'], text: made.text })
  else if (made?.ok === true && made.secret.references.length === 0)
    faults.push({ path: ['key'], text: 'must be a reference such as ${file:model.key}, never the key itself' })
  return { model: { ...values, key: made?.ok === true ? made.secret : undefined, onnx: undefined }, faults }
}

function onnxOf(written: OnnxConfig, resolve: (path: string, option: readonly string[]) => string) {
  if (written.file === '') return undefined
  const file = resolve(written.file, ['onnx', 'file'])
  const beside = join(dirname(file), 'tokenizer.json')
  const tokenizer = written.tokenizer === '' ? beside : resolve(written.tokenizer, ['onnx', 'tokenizer'])
  return { ...written, file, tokenizer }
}

function labelFaults({ attackLabels }: OnnxConfig): ModelFault[] {
  const text = 'must name at least one label, or nothing could ever be found'
  return attackLabels.length === 0 ? [{ path: ['onnx', 'attackLabels'], text }] : []
}

/** What tools answer is sent there: in clear only to this machine. */
function urlFault(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null) return 'is no URL; write https://…/v1 or http://127.0.0.1:…/v1'
  if (url.username !== '' || url.password !== '') return 'holds a user or password; put the key into key as a reference'
  if (url.search !== '' || url.hash !== '') return 'must end with its path'
  const host = url.hostname.replace(/^\[(.*)\]$/u, '$1')
  const isHere = host === 'localhost' || host.endsWith('.localhost') || classifyAddress(host) === 'loopback'
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isHere)) return undefined
  return 'must be https, or http on this machine'
}
