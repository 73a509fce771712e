import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { hostAtRunTime } from './address-text.ts'
import { readTree, type TreeFile } from './file-tree.ts'
import { isScript, loadedFiles, namedBy, namedByManifests } from './loaded-files.ts'
import { jsonOf } from './npm-tree.ts'
import { type Fact, factsOf, type ModuleFacts } from './source-facts.ts'

/** What a source was found to do, and the smallest permission document that lets it. */
export type SourceAudit = {
  readonly facts: readonly Fact[]
  readonly files: number
  /** What was not looked at, and why; empty when everything was. */
  readonly notInspected: readonly string[]
  readonly proposed: ProposedPermission
  /** Packages that it loads, which are not part of this audit. */
  readonly dependencies: readonly string[]
}

/** A document of the sandbox's schema. */
export type ProposedPermission = {
  readonly schema: 1
  readonly net: 'none' | { readonly hosts: readonly string[] }
  readonly env: Readonly<Record<string, string>>
  readonly children: 'none' | 'any' | readonly string[]
  readonly reason: string
}

const auditLimits = { files: 20_000, bytes: 256 * 1024 * 1024, depth: 40 } as const
const fileBytesMax = 4 * 1024 * 1024
const modulesMax = 3000

/**
 * Reads every script of a package, whether something imports it or not, so that nothing is hidden by lazy loading. `others`
 * are the folders of the packages that lie in it; where nobody says which, whatever lies in `node_modules` is another's.
 */
export function auditSource(folder: string, others?: readonly string[]): SourceAudit {
  const tree = readTree(folder, auditLimits)
  if (!tree.ok) return auditOf([], { notInspected: [tree.reason], imports: [], files: 0 })
  const isOther = (path: string) =>
    others?.some(other => path.startsWith(`${other}/`)) ?? /(?:^|\/)node_modules\//u.test(path)
  const own = tree.files.filter(({ path }) => !isOther(path))
  const { read, modules, large, unread } = readScripts(folder, own)
  const facts = [
    ...modules.flatMap(each => each.facts),
    ...own
      .filter(({ path }) => /\.(?:node|wasm)$|(?:^|\/)binding\.gyp$/u.test(path))
      .map(({ path }) => nativeFile(path)),
    ...scriptsOf(folder),
  ]
  const foreign = own.filter(file => isForeignProgram(folder, file)).map(({ path }) => `${path} is no JavaScript`)
  const notInspected = [...large, ...foreign, ...(unread > 0 ? [`${unread} more modules`] : [])]
  return auditOf(facts, { notInspected, imports: modules.flatMap(each => each.imports), files: read })
}

type Read = {
  readonly modules: readonly ModuleFacts[]
  readonly read: number
  readonly large: readonly string[]
  readonly unread: number
}

/** All scripts by their endings and first lines; then whatever these and the manifests name besides, until nothing is new. */
function readScripts(folder: string, own: readonly TreeFile[]): Read {
  const sizes = new Map(own.map(({ path, size }) => [path, size]))
  const modules: ModuleFacts[] = []
  const large: string[] = []
  const seen = new Set<string>()
  let unread = 0
  let next = [
    ...own.filter(({ path }) => isScript(path) || isProgram(folder, path)).map(({ path }) => path),
    ...loadedFiles(sizes, namedByManifests(folder, [...sizes.keys()])),
  ]
  while (next.length > 0) {
    const named: string[] = []
    for (const path of next) {
      if (seen.has(path)) continue
      seen.add(path)
      if ((sizes.get(path) ?? 0) > fileBytesMax) large.push(`${path} is too large`)
      else if (modules.length >= modulesMax) unread++
      else {
        const facts = factsOf(readFileSync(join(folder, path), 'utf8'), path)
        modules.push(facts)
        named.push(...namedBy(path, facts.imports))
      }
    }
    next = loadedFiles(sizes, named)
  }
  return { modules, read: modules.length, large, unread }
}

/** A program without an ending, as packages put into `bin`. */
function isProgram(folder: string, path: string): boolean {
  if (path.split('/').at(-1)?.includes('.') || !/(?:^|\/)bin\//u.test(path)) return false
  return /^#!.*node/u.test(firstLine(folder, path))
}

/** A program for another interpreter, which is run as it stands. */
function isForeignProgram(folder: string, { path, size }: TreeFile): boolean {
  if (isScript(path) || size > fileBytesMax) return false
  const line = firstLine(folder, path)
  return /^#!/u.test(line) && !/^#!.*\b(?:node|bun|deno|tsx)\b/u.test(line)
}

function firstLine(folder: string, path: string): string {
  const handle = openSync(join(folder, path), 'r')
  try {
    const bytes = Buffer.alloc(lineBytesMax)
    return bytes.toString('latin1', 0, readSync(handle, bytes)).split('\n')[0] ?? ''
  } finally {
    closeSync(handle)
  }
}

const lineBytesMax = 100

function nativeFile(path: string): Fact {
  return { kind: 'native', what: 'machine code, which cannot be read as source', file: path, line: 0 }
}

const manifest = z.object({ scripts: z.record(z.string(), z.unknown()) })

/** Parsed, because the name of a script can be written with escapes. */
function scriptsOf(folder: string): Fact[] {
  const read = manifest.safeParse(jsonOf(join(folder, 'package.json')))
  if (!read.success) return []
  return ['preinstall', 'install', 'postinstall'].flatMap(name => {
    const run = read.data.scripts[name]
    const what = `${name}: ${typeof run === 'string' ? run : ''}`.slice(0, 200)
    return run === undefined ? [] : [{ kind: 'install-script' as const, what, file: 'package.json', line: 0 }]
  })
}

export type AuditRest = {
  readonly notInspected: readonly string[]
  readonly imports: readonly string[]
  readonly files: number
}

/** Facts as an audit: with the packages among the imports, and the smallest document that lets it all. */
export function auditOf(facts: readonly Fact[], { notInspected, imports, files }: AuditRest): SourceAudit {
  const dependencies = [
    ...new Set(imports.filter(name => /^[@a-z]/u.test(name) && !name.startsWith('node:'))),
  ].toSorted()
  return { facts, files, notInspected, dependencies, proposed: proposalOf(facts) }
}

/** Identifiers and documentation that look like addresses and are never dialled. */
const notDialled =
  /^(?:localhost|\[?127\.0\.0\.1\]?|0\.0\.0\.0|\[::1?\]|(?:www\.)?w3\.org|(?:www\.)?json-schema\.org|schema\.org|(?:[\w.-]+\.)?example\.(?:com|org|net)|(?:[\w.-]+\.)?(?:example|localhost)|modelcontextprotocol\.io)(?::\d+)?$/u
const givenAnyway =
  /^(?:PATH|HOME|USER|NODE_ENV|NODE_OPTIONS|DEBUG|LANG|TERM|NO_COLOR|FORCE_COLOR|CI|PWD|SHELL|TMPDIR|any variable|process\.env)$/u
const hostsMax = 64

function proposalOf(facts: readonly Fact[]): ProposedPermission {
  const what = (kind: Fact['kind']) =>
    [...new Set(facts.filter(fact => fact.kind === kind && isInUse(fact)).map(fact => fact.what))].toSorted()
  const hosts = what('host')
    .filter(host => !notDialled.test(host) && !host.includes(' '))
    .slice(0, hostsMax)
  const reaches = what('network').length > 0
  const isOpen = reaches && (hosts.length === 0 || what('host').includes(hostAtRunTime))
  const variables = what('env').filter(name => !givenAnyway.test(name) && /^[A-Za-z_][A-Za-z0-9_]*$/u.test(name))
  const notes = [
    ...(isOpen ? ['reaches hosts that its source does not name'] : []),
    ...(what('env').includes('any variable') ? ['reads variables that its source does not name'] : []),
    ...(what('dynamic-code').length > 0 ? ['runs code that its source does not show'] : []),
    ...(what('native').length > 0 ? ['holds machine code'] : []),
    ...(what('files').length > 0 ? [`names files outside its arguments: ${what('files').slice(0, 3).join(', ')}`] : []),
  ]
  return {
    schema: 1,
    net: reaches && hosts.length > 0 ? { hosts } : 'none',
    env: Object.fromEntries(variables.map(name => [name, `\${env:${name}}`])),
    children: childrenOf(what('child')),
    reason: `proposed from the source${notes.length > 0 ? `; it ${notes.join('; it ')}` : ''}`.slice(0, 1000),
  }
}

// Packages come with their tests, and these name made-up hosts and variables. What else a test does counts: it can be loaded.
const testFile = /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?)\/|\.(?:test|spec)\.[cm]?[jt]s$/u

function isInUse({ kind, file }: Fact): boolean {
  return (kind !== 'host' && kind !== 'env') || !testFile.test(file)
}

function childrenOf(found: readonly string[]): ProposedPermission['children'] {
  if (found.length === 0) return 'none'
  const programs = found.flatMap(what => /^runs ([A-Za-z0-9][A-Za-z0-9._+-]*)$/u.exec(what)?.[1] ?? [])
  return found.some(what => what.includes('named at run time')) || programs.length === 0 ? 'any' : programs
}

/** What a source does beyond a document that was declared for it, in words. */
export function beyondDeclared(
  audit: SourceAudit,
  declared: Partial<Pick<ProposedPermission, 'net' | 'env' | 'children'>>,
): string[] {
  const { net = 'none', env = {}, children = 'none' } = declared
  const hosts = net === 'none' ? [] : net.hosts
  const found = audit.proposed.net === 'none' ? [] : audit.proposed.net.hosts
  const reaches = audit.facts.some(({ kind }) => kind === 'network')
  const programs = typeof audit.proposed.children === 'string' ? [] : audit.proposed.children
  return [
    ...found
      .filter(host => !hosts.some(each => withPort(each) === withPort(host)))
      .map(host => `reaches ${host}, which is not declared`),
    ...(reaches && found.length === 0 && net === 'none' ? ['uses the network, and none is declared'] : []),
    ...Object.keys(audit.proposed.env)
      .filter(name => env[name] === undefined)
      .map(name => `reads ${name}, which is not declared`),
    ...(children === 'none' && audit.proposed.children !== 'none'
      ? ['starts other programs, and none is declared']
      : []),
    ...(Array.isArray(children)
      ? programs.filter(name => !children.includes(name)).map(name => `starts ${name}, which is not declared`)
      : []),
  ]
}

function withPort(host: string): string {
  return /:\d+$/u.test(host) ? host : `${host}:443`
}
