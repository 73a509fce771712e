import { accessSync, closeSync, constants, existsSync, openSync, readlinkSync, readSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { dangerOfPath, isInside } from './danger.ts'
import { javaNeeds } from './java-program.ts'
import type { Mount } from './plan.ts'
import { folderOf, type RealPath, realPathOf } from './real-path.ts'

/** A command in the form in which it is started: a real program, its arguments, and what of the disk its code needs. */
export type Program = {
  readonly program: string
  readonly args: readonly string[]
  /** Interpreter, package folders, virtual environment: bound read-only, exactly these. */
  readonly needs: readonly RealPath[]
  /** Other names under which some of that is looked up: the links between a virtual environment and its interpreter. */
  readonly links: readonly Mount[]
}

export type Found = { readonly ok: true; readonly found: Program } | Refused
export type Refused = { readonly ok: false; readonly reason: string; readonly wayOut: string }

export type Search = {
  readonly cwd: string
  readonly home: string
  /** The PATH in which a bare name is looked up; the gateway's, never the server's. */
  readonly path: string
  /** The Node that runs entries of npm packages and `node` when PATH has none. */
  readonly node: string
}

const linksMax = 4

/** Finds the program of a command, through `#!` lines to the interpreter that will really run. */
export function findProgram(command: readonly string[], search: Search): Found {
  const [name = '', ...args] = command
  const start = locate(name, search)
  if (start === undefined)
    return {
      ok: false,
      reason: `the program ${JSON.stringify(name)} was not found`,
      wayOut: isAbsolute(name) ? 'correct the path of the command' : 'install it, or write its whole path',
    }
  return throughScripts(start, { args, needs: [], left: linksMax }, search)
}

const switches = /\/(?:\.pyenv|\.rbenv|\.nodenv|\.asdf|mise)\/shims\/|\/\.volta\/bin\//u

type Trail = { readonly args: readonly string[]; readonly needs: readonly RealPath[]; readonly left: number }

function throughScripts(file: string, trail: Trail, search: Search): Found {
  const real = realPathOf(file)
  if (real === undefined) return { ok: false, reason: `${file} went away`, wayOut: 'start it again' }
  if (switches.test(file) || switches.test(real))
    return {
      ok: false,
      reason: `${file} is the switch of a version manager, which runs programs from all over the home folder`,
      wayOut: `name the program it leads to, as printed by: pyenv which, asdf which, mise which, volta which`,
    }
  const line = shebangOf(real)
  if (line === undefined) return { ok: true, found: finished(file, real, trail) }
  if (trail.left === 0)
    return {
      ok: false,
      reason: `${file} leads through too many #! lines`,
      wayOut: 'name the interpreter in the command',
    }
  const [interpreter = '', ...flags] = line
  const next = locate(interpreter, search)
  if (next === undefined)
    return { ok: false, reason: `${file} wants ${interpreter}, which was not found`, wayOut: `install ${interpreter}` }
  // A script of a package is named by its real path: links in node_modules/.bin lead out of what is bound.
  const needs = [...trail.needs, ...codeAround(real, search.home)]
  return throughScripts(next, { args: [...flags, real, ...trail.args], needs, left: trail.left - 1 }, search)
}

function finished(file: string, real: RealPath, { args, needs }: Trail): Program {
  const environment = virtualEnvironmentOf(file)
  const own = environment === undefined ? [real] : [real, environment]
  const program = environment === undefined ? real : join(environment, 'bin', basename(file))
  const links = environment === undefined ? [] : linksBetween(program, environment)
  return { program, args, links, needs: unique([...own, ...standardLibraryOf(real), ...needs]) }
}

const hopsMax = 8

/**
 * Links lead from an environment to its interpreter (`/usr/bin/python3` → `python3.11`; with pyenv and uv also a folder
 * named after the minor version): each name on the way, and the library beside it, shows what it shows outside.
 */
function linksBetween(program: string, environment: RealPath): readonly Mount[] {
  const names: string[] = []
  let here = program
  for (let hops = 0; hops < hopsMax; hops++) {
    const to = linkOf(here)
    if (to === undefined) break
    here = resolve(dirname(here), to)
    if (!isInside(here, environment)) names.push(here, join(dirname(dirname(here)), 'lib'))
  }
  return [...new Set(names)].flatMap(path => {
    const from = realPathOf(path)
    return from === undefined || from === path || dangerOfPath(from, 'read', '') ? [] : [{ path, from }]
  })
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

/** The code that arguments name, with what lies beside it: `node server.js`, `python -u server.py`, `java -jar server.jar`. */
export function withScript(found: Program, search: Search): Program {
  const java = javaNeeds(found.program as RealPath, found.args, search)
  if (java.length > 0) return { ...found, needs: unique([...found.needs, ...java]) }
  const at = scriptAt(found.args)
  const script = at < 0 ? undefined : found.args[at]
  const path = script === undefined || isAbsolute(script) ? script : join(search.cwd, script)
  const real = path === undefined ? undefined : realPathOf(path)
  if (real === undefined || !isInterpreted(found.program)) return found
  // Named by its real path where links lead to it (pnpm's folders, linked packages): the links are not bound.
  const args = real === path ? found.args : found.args.with(at, real)
  return { ...found, args, needs: unique([...found.needs, ...codeAround(real, search.home)]) }
}

function isInterpreted(program: string): boolean {
  return /^(node|nodejs|bun|deno|python[0-9.]*|ruby|perl|php)$/u.test(basename(program))
}

/** The file whose code a command runs: its script where an interpreter is named, else the program itself. */
export function codeOf([program = '', ...args]: readonly string[]): string | undefined {
  return isInterpreted(program) ? args[scriptAt(args)] : program
}

const flagsWithValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '-W',
  '-X',
])
const flagsWithoutFile = new Set(['-e', '--eval', '-p', '--print', '-c', '-m'])

function scriptAt(args: readonly string[]): number {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (flagsWithoutFile.has(arg)) return -1
    if (flagsWithValue.has(arg)) i++
    else if (!arg.startsWith('-')) return i
  }
  return -1
}

/**
 * What a script's imports can reach: the outermost node_modules that it lies in; or its own package with the
 * node_modules above it; or, where there is no package, the folder beside it unless that is a broad one.
 */
export function codeAround(script: RealPath, home: string): readonly RealPath[] {
  const parts = script.split('/')
  const outermost = parts.indexOf('node_modules')
  if (outermost > 0) return [parts.slice(0, outermost + 1).join('/') as RealPath]
  const folder = folderOf(script)
  const root = ancestors(folder).find(path => existsSync(join(path, 'package.json')))
  const code = root ?? folder
  const modules = root === undefined ? [] : ancestors(dirname(root)).map(path => join(path, 'node_modules'))
  const reached = modules.filter(path => existsSync(path)).flatMap(path => realPathOf(path) ?? [])
  // A script that lies in a home root or in /tmp itself gets only itself: the rest of the folder is not its code.
  return dangerOfPath(code, 'read', home) ? [script] : [code as RealPath, ...reached]
}

function ancestors(path: string): string[] {
  const all: string[] = []
  for (let here = path; here !== '/' && all.length < 64; here = dirname(here)) all.push(here)
  return all
}

/** A Python virtual environment is found beside the link that started it, so the link is kept and the folder bound. */
function virtualEnvironmentOf(file: string): RealPath | undefined {
  const root = dirname(dirname(file))
  return existsSync(join(root, 'pyvenv.cfg')) ? realPathOf(root) : undefined
}

/** Python outside /usr (pyenv, uv, conda) keeps its library in the prefix above bin; Node is one file. */
function standardLibraryOf(program: RealPath): readonly RealPath[] {
  if (program.startsWith('/usr/')) return []
  if (program.startsWith('/nix/store/')) return ['/nix/store' as RealPath]
  if (!/^(python|ruby|perl|php)[0-9.]*$/u.test(basename(program))) return []
  const library = realPathOf(join(dirname(dirname(program)), 'lib'))
  return library === undefined || dangerOfPath(library, 'read', '') ? [] : [library]
}

function locate(name: string, search: Search): string | undefined {
  if (name.includes('/')) {
    const path = isAbsolute(name) ? name : join(search.cwd, name)
    return isProgram(path) ? path : undefined
  }
  const folders = search.path.split(':').filter(isAbsolute)
  const found = folders.map(folder => join(folder, name)).find(isProgram)
  return found ?? (/^(node|nodejs)$/u.test(name) && isProgram(search.node) ? search.node : undefined)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const shebangBytes = 256

/** The words of a `#!` line, `env` and its -S taken off; undefined for anything that is not a script. */
function shebangOf(path: string): string[] | undefined {
  const bytes = Buffer.alloc(shebangBytes)
  const handle = openSync(path, 'r')
  try {
    const [line = ''] = bytes.toString('latin1', 0, readSync(handle, bytes)).split('\n')
    if (!line.startsWith('#!')) return undefined
    const words = line.slice(2).trim().split(/\s+/u)
    if (basename(words[0] ?? '') !== 'env') return words
    return words.slice(1).filter((word, i) => !(i === 0 && word === '-S'))
  } finally {
    closeSync(handle)
  }
}

function unique(paths: readonly RealPath[]): readonly RealPath[] {
  return [...new Set(paths)]
}
