import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TreeLimits, treeLimits } from './file-tree.ts'
import { pypiName } from './python-start.ts'
import { readZip } from './zip.ts'

/** What a wheel said of itself, read from the files that were unpacked. */
export type Wheel =
  | {
      readonly ok: true
      readonly name: string
      readonly version: string
      /** `script = module:function`, as its author wrote them. */
      readonly entryPoints: string
      readonly author: string
      /** Compiled parts, which no audit reads. */
      readonly native: readonly string[]
      readonly files: number
      readonly bytes: number
    }
  | { readonly ok: false; readonly reason: string }

const refused = (reason: string): Wheel => ({ ok: false, reason })

/**
 * Unpacks a wheel into a folder that other wheels share. Only what Python imports is taken: programs, headers and data that
 * would go elsewhere are left out, and so is compiled code that the author made of a source nobody can compare it with.
 */
export function unpackWheel(archive: Buffer, site: string, limits: TreeLimits = treeLimits): Wheel {
  const zip = readZip(archive, limits)
  if (!zip.ok) return refused(zip.reason)
  const kept = new Map<string, Uint8Array>()
  for (const entry of zip.entries) {
    const path = importedPath(entry.path)
    if (path === undefined) continue
    if (kept.has(path)) return refused(`puts two files at ${path}`)
    const read = entry.read()
    if ('problem' in read) return refused(read.problem)
    kept.set(path, read.bytes)
  }
  const infos = new Set([...kept.keys()].flatMap(path => /^([^/]+)\.dist-info\//u.exec(path)?.[1] ?? []))
  const [info = ''] = infos
  // A second one would say of files here that they are another package's.
  if (infos.size !== 1 || !kept.has(`${info}.dist-info/METADATA`)) return refused('has no METADATA, or more than one')
  kept.set(`${info}.dist-info/RECORD`, recordOf(kept, info))
  const wheel = described(kept, info)
  if (!wheel.ok) return wheel
  for (const [path, bytes] of kept) {
    const problem = place(join(site, path), bytes)
    if (problem !== undefined) return refused(`${path} ${problem}`)
  }
  return wheel
}

/** Written anew from what was unpacked: whose a file is, is read off here, and the author's own list can say anything. */
function recordOf(kept: ReadonlyMap<string, Uint8Array>, info: string): Uint8Array {
  const own = `${info}.dist-info/RECORD`
  const lines = [...kept].flatMap(([path, bytes]) => {
    const name = path.includes(',') ? `"${path}"` : path
    const hash = createHash('sha256').update(bytes).digest('base64url')
    return path === own ? [] : [`${name},sha256=${hash},${bytes.length}`]
  })
  return Buffer.from(`${[...lines, `${own},,`].join('\n')}\n`)
}

/** Where a file of the archive belongs in the folder; undefined for what is not imported. */
function importedPath(path: string): string | undefined {
  const [, key, rest] = /^[^/]+\.data\/([^/]+)\/(.+)$/u.exec(path) ?? []
  if (key !== undefined) return key === 'purelib' || key === 'platlib' ? importedPath(rest ?? '') : undefined
  return /^[^/]+\.data\//u.test(path) || /(?:^|\/)__pycache__\/|\.pyc$/iu.test(path) ? undefined : path
}

/** Two wheels may bring the same file (an empty `__init__.py`), and never one name with two contents. */
function place(path: string, bytes: Uint8Array): string | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 })
    return undefined
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    if (!isThere) throw cause
    return readFileSync(path).equals(bytes) ? undefined : 'is brought by another package too, with other contents'
  }
}

function described(kept: ReadonlyMap<string, Uint8Array>, info: string): Wheel {
  const textOf = (file: string) => Buffer.from(kept.get(`${info}.dist-info/${file}`) ?? []).toString('utf8')
  const [head = ''] = textOf('METADATA').split(/\r?\n\r?\n/u)
  const field = (name: string) => head.match(new RegExp(`^${name}: *(.*)$`, 'mu'))?.[1]?.trim() ?? ''
  const name = pypiName(field('Name'))
  const version = field('Version')
  if (name === '' || version === '') return refused('does not say its name and version')
  if (pypiName(info.replace(/-[^-]*$/u, '')) !== name)
    return refused(`is called ${info} in one place and ${name} in another`)
  return {
    ...{ ok: true, name, version, entryPoints: textOf('entry_points.txt') },
    author: (field('Author-email') || field('Author')).slice(0, 300),
    files: kept.size,
    bytes: [...kept.values()].reduce((sum, { length }) => sum + length, 0),
    native: [...kept.keys()].filter(path => /\.(?:so|pyd|dylib|dll)(?:\.|$)/u.test(path)),
  }
}
