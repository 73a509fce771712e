import type { Observation } from '../egress/observation.ts'
import type { Drift, LearntDocument } from '../egress/smallest-document.ts'
import { hostsOf, type Permission } from '../sandbox/permission.ts'

export type { Drift } from '../egress/smallest-document.ts'

/** A permission document in the form that what a server did is compared with. */
export function documentOf(permission: Permission, command: readonly string[], seen: Observation): LearntDocument {
  const rules = hostsOf(permission)
  return {
    command,
    files: permission.files,
    net: rules.length === 0 ? 'none' : { hosts: rules.map(({ name, port }) => `${name}:${port}`) },
    children: permission.children === 'any' ? [...seen.children.keys()] : permission.children,
  }
}

const places: Readonly<Record<Drift['kind'], string>> = {
  read: 'files.read',
  write: 'files.write',
  host: 'net.hosts',
  child: 'children',
  name: 'net.hosts',
}

/** How a person gives a server more: in its document, or by the options of `exec`, where there is no document. */
export type Grants = 'document' | 'options'

const options: Readonly<Record<Drift['kind'], string>> = {
  read: '--read',
  write: '--write',
  host: '--net',
  child: '--child',
  name: '--net',
}

/** The option of `sallyport exec` that would allow what was wanted. */
export function optionOf({ kind, value }: Pick<Drift, 'kind' | 'value'>): string {
  return `${options[kind]} ${/^[\w@%+=:,./-]+$/u.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`}`
}

/** The line of a document that would allow what was wanted. */
export function lineOf({ kind, value }: Drift): string {
  return `${places[kind]}: [${JSON.stringify(value)}]`
}
