import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
// One by one: the whole library is three times as much, and this is loaded at every start.
import compare from 'semver/functions/compare.js'
import satisfies from 'semver/functions/satisfies.js'
import valid from 'semver/functions/valid.js'
import { isObject, type Json } from '../core/json.ts'
import type { Found, Refused, Search } from './program.ts'
import { findProgram, withScript } from './program.ts'
import { realPathOf } from './real-path.ts'

/** What a runner command (`npx -y name@1 args`) means: a package, the program in it, and what is passed on. */
export type Wanted = {
  readonly ecosystem: 'npm' | 'pypi'
  readonly name: string
  /** A version, a range or a tag; undefined when the command left it open. */
  readonly version: string | undefined
  /** The program of the package, when it is not the package's own name. */
  readonly bin: string | undefined
  readonly args: readonly string[]
}

/**
 * The folder of a package that was checked and stored before; undefined when the store does not have it. A refusal when
 * the store has it and it is no longer what was stored: falling back to another copy would hide that.
 */
export type FindPackage = (wanted: Wanted) => string | StoredStart | undefined | Refused

/** A stored package that is no package of Node: the words that start it, and the folder that its code lies in. */
export type StoredStart = { readonly ok: true; readonly command: readonly string[]; readonly folder: string }

/**
 * Turns a command into what really runs. A runner would download at start, with network, a writable cache and install
 * scripts; in its place the entry of the package that is already on the disk is started.
 */
export function resolveCommand(command: readonly string[], search: Search, findPackage: FindPackage): Found {
  const wanted = wantedBy(command)
  if (wanted === undefined) {
    const found = findProgram(command, search)
    return found.ok ? { ok: true, found: withScript(found.found, search) } : found
  }
  const stored = findPackage(wanted)
  if (typeof stored === 'object') return stored.ok ? startOf(stored, wanted.args, search) : stored
  const folder = stored ?? (wanted.ecosystem === 'npm' ? installed(wanted, search) : undefined)
  if (folder === undefined) return notInstalled(wanted)
  const entry = entryOf(folder, wanted)
  if (entry === undefined)
    return {
      ok: false,
      reason: `${wanted.name} has no program ${wanted.bin ?? ''}`,
      wayOut: 'name its entry in the command',
    }
  const script = findProgram([entry, ...wanted.args], search)
  // An entry without a #! line or the executable bit is still JavaScript: run it as npm would, by Node.
  return script.ok && script.found.program !== entry ? script : asNode(entry, wanted.args, search)
}

/** Only the package's own folder is added: the words name everything else, and the interpreter is asked for nothing more. */
function startOf({ command, folder }: StoredStart, args: readonly string[], search: Search): Found {
  const found = findProgram([...command, ...args], search)
  const code = realPathOf(folder)
  if (!found.ok || code === undefined) return found
  return { ok: true, found: { ...found.found, needs: [...found.found.needs, code] } }
}

function asNode(entry: string, args: readonly string[], search: Search): Found {
  const found = findProgram(['node', entry, ...args], search)
  return found.ok ? { ok: true, found: withScript(found.found, search) } : found
}

function notInstalled({ ecosystem, name, version }: Wanted): Refused {
  const what = version === undefined ? name : `${name}@${version}`
  return {
    ok: false,
    reason: `${what} is not installed, and a sandboxed server downloads nothing at start`,
    wayOut: `Check and install it once: sallyport server add ${callName(name)} ${what}${ecosystem === 'pypi' ? ' --pypi' : ''} --why "…"`,
  }
}

/** `@modelcontextprotocol/server-filesystem` and `mcp-server-git` as people call them: filesystem, git. */
function callName(name: string): string {
  const plain = name.split('/').at(-1) ?? name
  return plain.replace(/^(mcp-)?(server-)?/u, '').replace(/(-mcp)?(-server)?$/u, '') || plain
}

const runners: Readonly<Record<string, readonly (readonly string[])[]>> = {
  npx: [[]],
  bunx: [[]],
  pnpx: [[]],
  npm: [['exec'], ['x']],
  pnpm: [['dlx'], ['exec']],
  yarn: [['dlx']],
  bun: [['x']],
  uvx: [[]],
  uv: [['tool', 'run']],
  pipx: [['run']],
}

/** What a runner command asks for; undefined when the command is no runner. */
export function wantedBy(command: readonly string[]): Wanted | undefined {
  const [program = '', ...rest] = command
  const name = basename(program).replace(/\.(cmd|exe)$/u, '')
  const verb = runners[name]?.find(words => words.every((word, i) => rest[i] === word))
  if (verb === undefined) return undefined
  const { spec, bin, args } = readFlags(rest.slice(verb.length))
  if (spec === undefined) return undefined
  const ecosystem = /^(uvx?|pipx)$/u.test(name) ? 'pypi' : 'npm'
  const [, packageName = spec, version] = /^(@?[^@=]+)(?:@|==)(.+)$/u.exec(spec) ?? []
  return { ecosystem, name: packageName, version, bin, args }
}

function readFlags(words: readonly string[]): Pick<Wanted, 'bin' | 'args'> & { spec: string | undefined } {
  let chosen: string | undefined
  let at = 0
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    const joined = /^(?:--package|--from|--spec)=(.+)$/u.exec(word)
    if (joined) chosen = joined[1]
    else if (/^(-p|--package|--from|--spec)$/u.test(word)) chosen = words[++at]
    else if (word !== '--' && !word.startsWith('-')) break
  }
  const first = words[at]
  return { spec: chosen ?? first, bin: chosen === undefined ? undefined : first, args: words.slice(at + 1) }
}

/** A package in node_modules at or above the working folder, or in the cache that npx filled earlier. */
function installed(wanted: Wanted, search: Search): string | undefined {
  if (!/^(@[a-z0-9._~-]{1,100}\/)?[a-z0-9._~-]{1,214}$/iu.test(wanted.name) || wanted.name.includes('..'))
    return undefined
  const nearby: string[] = []
  for (let here = search.cwd; nearby.length < 64; here = dirname(here)) {
    nearby.push(join(here, 'node_modules', wanted.name))
    if (here === dirname(here)) break
  }
  return [...nearby, ...cached(wanted, search.home)].find(folder => fits(folder, wanted))
}

const cacheFoldersMax = 500

function cached(wanted: Wanted, home: string): string[] {
  const cache = join(home, '.npm', '_npx')
  if (!existsSync(cache)) return []
  const folders = readdirSync(cache).slice(0, cacheFoldersMax)
  return folders
    .map(name => join(cache, name, 'node_modules', wanted.name))
    .map(folder => ({ folder, version: versionOf(folder) }))
    .filter(({ version }) => version !== undefined)
    .sort((a, b) => compare(b.version ?? '0.0.0', a.version ?? '0.0.0'))
    .map(({ folder }) => folder)
}

function fits(folder: string, { version }: Wanted): boolean {
  const found = versionOf(folder)
  if (found === undefined) return false
  return version === undefined || version === 'latest' || satisfies(found, version, { includePrerelease: true })
}

function versionOf(folder: string): string | undefined {
  const version = manifestOf(folder)?.['version']
  return typeof version === 'string' && valid(version) ? version : undefined
}

const manifestBytesMax = 4 * 1024 * 1024

function manifestOf(folder: string) {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8')
    const value: Json = text.length > manifestBytesMax ? null : JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function entryOf(folder: string, wanted: Wanted): string | undefined {
  const bin = manifestOf(folder)?.['bin']
  const plain = wanted.name.split('/').at(-1) ?? wanted.name
  if (typeof bin === 'string') return inside(folder, bin)
  if (!isObject(bin)) return undefined
  const only = Object.keys(bin).length === 1 ? Object.values(bin)[0] : undefined
  const entry = bin[wanted.bin ?? plain] ?? (wanted.bin === undefined ? only : undefined)
  return typeof entry === 'string' ? inside(folder, entry) : undefined
}

// A manifest is the package author's word: an entry that leaves the package is none.
function inside(folder: string, entry: string): string | undefined {
  const path = join(folder, entry)
  return path.startsWith(`${folder}/`) && existsSync(path) ? path : undefined
}
