import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hostAtRunTime } from './address-text.ts'
import { readTree } from './file-tree.ts'
import { type Fact, factsOf } from './source-facts.ts'

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
const script = /\.(?:js|mjs|cjs)$/u

/** Reads every script of a package, whether something imports it or not, so that nothing is hidden by lazy loading. */
export function auditSource(folder: string): SourceAudit {
  const tree = readTree(folder, auditLimits)
  if (!tree.ok) return auditOf([], { notInspected: [tree.reason], imports: [], files: 0 })
  const own = tree.files.filter(({ path }) => !path.includes('node_modules/'))
  const scripts = own.filter(({ path, size }) => (script.test(path) || isProgram(folder, path)) && size <= fileBytesMax)
  const large = own
    .filter(({ path, size }) => script.test(path) && size > fileBytesMax)
    .map(({ path }) => `${path} is too large`)
  const read = scripts.slice(0, modulesMax)
  const modules = read.map(({ path }) => factsOf(readFileSync(join(folder, path), 'utf8'), path))
  const facts = [
    ...modules.flatMap(each => each.facts),
    ...tree.files
      .filter(({ path }) => /\.(?:node|wasm)$|(?:^|\/)binding\.gyp$/u.test(path))
      .map(({ path }) => nativeFile(path)),
    ...scriptsOf(folder),
  ]
  const unread = scripts.length - read.length
  const notInspected = [...large, ...(unread > 0 ? [`${unread} more modules`] : [])]
  return auditOf(facts, { notInspected, imports: modules.flatMap(each => each.imports), files: read.length })
}

/** A program without an ending, as packages put into `bin`. */
function isProgram(folder: string, path: string): boolean {
  if (path.split('/').at(-1)?.includes('.') || !/(?:^|\/)bin\//u.test(path)) return false
  return /^#!.*node/u.test(readFileSync(join(folder, path), 'latin1').slice(0, 100))
}

function nativeFile(path: string): Fact {
  return { kind: 'native', what: 'machine code, which cannot be read as source', file: path, line: 0 }
}

function scriptsOf(folder: string): Fact[] {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  return [...text.matchAll(/"((?:pre|post)?install)"\s*:\s*"([^"]{1,200})/gu)].map(([, name = '', run = '']) => ({
    kind: 'install-script',
    what: `${name}: ${run}`,
    file: 'package.json',
    line: 0,
  }))
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
