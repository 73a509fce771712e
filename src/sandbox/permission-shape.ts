import { isObject, type JsonObject } from '../core/json.ts'

/** The one permission document, read: what a server may touch. */
export type Permission = {
  schema: 1
  command?: string[] | undefined
  cwd?: string | undefined
  files: { read: string[]; write: string[]; staging: boolean }
  net: 'none' | { hosts: string[] }
  env: Record<string, string>
  children: 'none' | 'any' | string[]
  unixSockets: boolean
  limits: Record<LimitName, number>
  reason: string
  author: string
}

export type Problem = { readonly at: string; readonly text: string }

export type Shaped =
  | { readonly ok: true; readonly permission: Permission }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** How much of each thing a document may name. */
export const most = {
  ...{ paths: 64, pathChars: 1024, hosts: 64, hostChars: 300, variableChars: 128, argumentChars: 32_768 },
  ...{ arguments: 256, programs: 32, programChars: 256, reasonChars: 1000, authorChars: 200 },
} as const

type LimitName = keyof typeof limitRanges

/** Smallest, largest and usual value of each limit. */
export const limitRanges = {
  pids: [16, 4096, 64],
  memoryMiB: [64, 65_536, 512],
  cpuSeconds: [1, 10_000_000, 3600],
  fileMiB: [1, 65_536, 64],
  tmpMiB: [1, 16_384, 64],
  diskMiB: [1, 16_777_216, 4096],
  diskFiles: [100, 100_000_000, 200_000],
  openFiles: [64, 65_536, 1024],
  outputMiBPerMin: [1, 65_536, 512],
  lineMiB: [1, 64, 16],
} as const

/**
 * Reads the shape of a document without a schema library, which no start has to wait for. `permission-schema.ts` says the
 * same in a schema, for editors and docs; a test holds the two together.
 */
export function readShape(value: unknown): Shaped {
  const problems: Problem[] = []
  const permission = permissionOf(value ?? {}, problems)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, permission }
}

type Place = { readonly at: string; readonly problems: Problem[] }

const members = 'schema command cwd files net env children unixSockets limits reason author'.split(' ')

function permissionOf(value: unknown, problems: Problem[]): Permission {
  const at = (name: string): Place => ({ at: name, problems })
  const document = objectOf(value, members, at(''))
  const { schema, command, cwd, net, env, children } = document
  if (schema !== undefined && schema !== 1) complain(at('schema'), 'is not 1')
  return {
    schema: 1,
    ...(command === undefined ? {} : { command: textsOf(command, { ...argument, place: at('command') }) }),
    ...(cwd === undefined ? {} : { cwd: textOf(cwd, { ...path, place: at('cwd') }) }),
    files: filesOf(document['files'], problems),
    net: net === undefined || net === 'none' ? 'none' : hostsOf(net, problems),
    env: env === undefined ? {} : envOf(env, at('env')),
    children: childrenOf(children, at('children')),
    unixSockets: flagOf(document['unixSockets'], at('unixSockets')),
    limits: limitsOf(document['limits'], problems),
    reason: textOf(orEmpty(document['reason']), { chars: most.reasonChars, place: at('reason') }),
    author: textOf(orEmpty(document['author']), { chars: most.authorChars, place: at('author') }),
  }
}

function orEmpty(value: unknown): unknown {
  return value === undefined ? '' : value
}

const path = { charsMin: 1, chars: most.pathChars } as const
const argument = { itemsMin: 1, items: most.arguments, chars: most.argumentChars } as const

function filesOf(value: unknown, problems: Problem[]): Permission['files'] {
  const { read, write, staging } = objectOf(value, ['read', 'write', 'staging'], { at: 'files', problems })
  const folders = (name: string, paths: unknown): string[] =>
    paths === undefined ? [] : textsOf(paths, { ...path, items: most.paths, place: { at: `files.${name}`, problems } })
  return {
    read: folders('read', read),
    write: folders('write', write),
    staging: flagOf(staging, { at: 'files.staging', problems }),
  }
}

function hostsOf(value: unknown, problems: Problem[]): Permission['net'] {
  const place = { at: 'net.hosts', problems }
  if (!isObject(value)) return complain({ at: 'net', problems }, 'is neither none nor { hosts: [name:port] }', 'none')
  const { hosts } = objectOf(value, ['hosts'], { at: 'net', problems })
  return { hosts: textsOf(hosts, { itemsMin: 1, items: most.hosts, chars: most.hostChars, place }) }
}

function envOf(value: unknown, place: Place): Record<string, string> {
  if (!isObject(value)) return complain(place, 'is not a list of names and values', {})
  const entries = Object.entries(value).map(([name, text]): [string, string] => {
    const here = { ...place, at: `env.${name.slice(0, most.variableChars)}` }
    if (name.length > most.variableChars || name === '__proto__') complain(here, 'is no name of a variable')
    return [name, textOf(text, { chars: most.argumentChars, place: here })]
  })
  return Object.fromEntries(entries)
}

function childrenOf(value: unknown, place: Place): Permission['children'] {
  if (value === undefined || value === 'none') return 'none'
  if (value === 'any') return value
  if (!Array.isArray(value)) return complain(place, 'is neither none, nor any, nor a list of programs', 'none')
  return textsOf(value, { itemsMin: 1, items: most.programs, charsMin: 1, chars: most.programChars, place })
}

function limitsOf(value: unknown, problems: Problem[]): Permission['limits'] {
  const given = objectOf(value, Object.keys(limitRanges), { at: 'limits', problems })
  const limitOf = (name: LimitName): number => {
    const [min, max, usual] = limitRanges[name]
    const wanted = given[name] === undefined ? usual : given[name]
    const fits = typeof wanted === 'number' && Number.isSafeInteger(wanted) && wanted >= min && wanted <= max
    return fits
      ? wanted
      : complain({ at: `limits.${name}`, problems }, `is not a whole number from ${min} to ${max}`, usual)
  }
  return {
    ...{ pids: limitOf('pids'), memoryMiB: limitOf('memoryMiB'), cpuSeconds: limitOf('cpuSeconds') },
    ...{ fileMiB: limitOf('fileMiB'), tmpMiB: limitOf('tmpMiB'), openFiles: limitOf('openFiles') },
    ...{ diskMiB: limitOf('diskMiB'), diskFiles: limitOf('diskFiles') },
    ...{ outputMiBPerMin: limitOf('outputMiBPerMin'), lineMiB: limitOf('lineMiB') },
  }
}

function objectOf(value: unknown, known: readonly string[], place: Place): JsonObject {
  if (value === undefined) return {}
  if (!isObject(value)) return complain(place, `is not an object; known in it are ${known.join(', ')}`, {})
  for (const key of Object.keys(value)) {
    const at = [place.at, key.slice(0, 100)].filter(Boolean).join('.')
    if (!known.includes(key)) complain({ ...place, at }, `is not known here; known are ${known.join(', ')}`)
  }
  return value
}

type Bounds = { readonly charsMin?: number; readonly chars: number; readonly place: Place }

function textsOf(value: unknown, bounds: Bounds & { readonly itemsMin?: number; readonly items: number }): string[] {
  const { itemsMin = 0, items, place } = bounds
  const list: unknown = value
  if (!Array.isArray(list) || list.length < itemsMin || list.length > items)
    return complain(place, `is not a list of ${itemsMin} to ${items} texts`, [])
  return list.map((item, i) => textOf(item, { ...bounds, place: { ...place, at: `${place.at}[${i}]` } }))
}

function textOf(value: unknown, { charsMin = 0, chars, place }: Bounds): string {
  const fits = typeof value === 'string' && value.length >= charsMin && value.length <= chars
  return fits ? value : complain(place, `is not a text of ${charsMin} to ${chars} characters`, '')
}

function flagOf(value: unknown, place: Place): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true
  return complain(place, 'is neither true nor false', false)
}

function complain(place: Place, text: string): void
function complain<T>(place: Place, text: string, instead: T): T
function complain<T>({ at, problems }: Place, text: string, instead?: T): T | undefined {
  problems.push({ at: at || '(document)', text })
  return instead
}
