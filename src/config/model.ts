import { classifyAddress } from '../core/address.ts'
import { type ValuesOf, valuesOf } from '../core/option.ts'
import { type Secret, secretOf } from './secret.ts'
import { modelOptions } from './settings.ts'

/** A larger model that reads what the guards have read; undefined where none is configured. */
export type ModelConfig = Omit<ValuesOf<typeof modelOptions>, 'key'> & { readonly key: Secret | undefined }

type Fault = { readonly path: readonly string[]; readonly text: string }

/** The seat for a model, or what is wrong with it. `resolve` makes paths of secrets absolute. */
export function modelOf(
  written: Readonly<Record<string, unknown>>,
  resolve: (path: string) => string,
): { readonly model: ModelConfig | undefined; readonly faults: readonly Fault[] } {
  const { key, ...values } = valuesOf(modelOptions, written)
  if (values.url === '') return { model: undefined, faults: [] }
  const faults: Fault[] = []
  const why = urlFault(values.url)
  if (why !== undefined) faults.push({ path: ['url'], text: why })
  if (values.name === '') faults.push({ path: ['name'], text: 'is missing: endpoints serve more than one model' })
  const made = key === '' ? undefined : secretOf(key, resolve)
  if (made?.ok === false) faults.push({ path: ['key'], text: made.text })
  else if (made?.ok === true && made.secret.references.length === 0)
    faults.push({ path: ['key'], text: 'must be a reference such as ${file:model.key}, never the key itself' })
  return { model: { ...values, key: made?.ok === true ? made.secret : undefined }, faults }
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
