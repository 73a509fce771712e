import { type AnyNode, type CallExpression, type Program, parse } from 'acorn'
import { simple } from 'acorn-walk'
import { addressesIn, isBlob, isSecretPlace } from './address-text.ts'
import { type Aliases, aliasesOf, targetOf } from './source-aliases.ts'
import { foldText, unknownPart } from './source-constant.ts'
import { seeEvasions } from './source-evasion.ts'

export type FactKind =
  | 'network'
  | 'host'
  | 'child'
  | 'dynamic-code'
  | 'files'
  | 'env'
  | 'native'
  | 'obfuscated'
  | 'install-script'
  | 'unread'

/** One thing that a source does, and where. */
export type Fact = { readonly kind: FactKind; readonly what: string; readonly file: string; readonly line: number }

export type ModuleFacts = {
  readonly facts: readonly Fact[]
  /** Modules that it names: `./x.js`, `axios`, `node:fs`. */
  readonly imports: readonly string[]
}

const networkModules =
  /^(?:node:)?(?:https?|http2|net|tls|dgram|dns|dns\/promises)$|^(?:axios|got|ky|undici|node-fetch|cross-fetch|isomorphic-fetch|superagent|request|needle|ws|socket\.io-client|nodemailer|ssh2|ioredis|redis|pg|mysql2?|mongodb)$/u
const childModules = /^(?:node:)?(?:child_process|cluster)$|^(?:execa|cross-spawn|shelljs|node-pty|zx)$/u
const nativeModules = /\.node$|^(?:ffi-napi|koffi|bindings|node-gyp-build|ref-napi)$/u
const codeModules = /^(?:node:)?(?:vm|repl|inspector)$|^(?:vm2|isolated-vm)$/u
const globals = new Set(['globalThis', 'global', 'window', 'self', 'process', 'module', 'require'])
const networkGlobals = new Set(['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'])

/** What one module does, from its text alone: it is parsed and never run. */
export function factsOf(source: string, file: string): ModuleFacts {
  try {
    const tree = parsed(source)
    if (tree !== undefined) return walked(tree, file)
  } catch (cause) {
    // Nested ten thousand deep, a source overflows the stack of whoever walks its tree.
    if (!(cause instanceof RangeError)) throw cause
  }
  return { facts: [{ kind: 'unread', what: 'is not JavaScript that can be parsed', file, line: 1 }], imports: [] }
}

const factsMax = 5000

function walked(tree: Program, file: string): ModuleFacts {
  const facts: Fact[] = []
  const imports: string[] = []
  const constants = constantsOf(tree)
  const note = (kind: FactKind, what: string, node: AnyNode) => {
    const line = node.loc?.start.line ?? 0
    if (facts.length < factsMax) facts.push({ kind, what: what.slice(0, 200), file, line })
    // Thousands of harmless ones could stand before the one that counts.
    else if (facts.length === factsMax) facts.push({ kind: 'unread', what: 'does too much to note it all', file, line })
  }
  const load = (name: string, node: AnyNode) => {
    imports.push(name)
    const kind = kindOfModule(name)
    if (kind !== undefined) note(kind, name, node)
  }
  const fold = (node: AnyNode | null | undefined) => foldText(node, constants)
  const aliases = aliasesOf(tree)
  const seen: Seen = { note, load, fold, aliases }
  simple(tree, {
    ImportDeclaration: node => load(String(node.source.value), node),
    ExportNamedDeclaration: node => node.source && load(String(node.source.value), node),
    ExportAllDeclaration: node => load(String(node.source.value), node),
    ImportExpression: node => seeImport(node.source, node, seen),
    CallExpression: node => seeCall(node, seen),
    NewExpression: node => {
      if (isFunctionMaker(node.callee)) note('dynamic-code', 'new Function', node)
    },
    Identifier: node => {
      if (networkGlobals.has(node.name)) note('network', node.name, node)
      if (aliases.get(node.name) === 'process.env') note('env', 'process.env', node)
      if (node.name === 'eval') note('dynamic-code', 'eval', node)
      if (/^_0x[0-9a-f]{4,}$/u.test(node.name)) note('obfuscated', 'names made by an obfuscator', node)
    },
    MemberExpression: node => seeMember(node, seen),
    VariableDeclarator: node => seePattern(node, seen),
    Literal: node => seeText(node, seen),
    TemplateLiteral: node => seeText(node, seen),
    BinaryExpression: node => seeText(node, seen),
  })
  seeEvasions(tree, seen)
  return { facts: unique(facts), imports: [...new Set(imports)] }
}

type Seen = {
  readonly note: (kind: FactKind, what: string, node: AnyNode) => void
  readonly load: (name: string, node: AnyNode) => void
  readonly fold: (node: AnyNode | null | undefined) => string | undefined
  readonly aliases: Aliases
}

function parsed(source: string): Program | undefined {
  const text = source.replace(/^#!.*/u, '')
  for (const sourceType of ['module', 'script'] as const)
    try {
      const loose = { allowReturnOutsideFunction: true, allowAwaitOutsideFunction: true, allowSuperOutsideMethod: true }
      return parse(text, { ecmaVersion: 'latest', sourceType, locations: true, ...loose })
    } catch {
      // The other kind of source is tried; a text that is neither is reported.
    }
  return undefined
}

function constantsOf(tree: Program): Map<string, string> {
  const constants = new Map<string, string>()
  // Twice, so that a constant may be made of an earlier one that is written below it.
  for (let round = 0; round < 2; round++)
    simple(tree, {
      VariableDeclarator: ({ id, init }) => {
        const text = id.type === 'Identifier' ? foldText(init, constants) : undefined
        if (id.type === 'Identifier' && text !== undefined) constants.set(id.name, text)
      },
    })
  return constants
}

function kindOfModule(name: string): FactKind | undefined {
  if (networkModules.test(name)) return 'network'
  if (childModules.test(name)) return 'child'
  if (nativeModules.test(name)) return 'native'
  return codeModules.test(name) ? 'dynamic-code' : undefined
}

function seeImport(source: AnyNode, node: AnyNode, { fold, load, note }: Seen): void {
  const name = fold(source)
  if (name === undefined || name.includes(unknownPart))
    note('dynamic-code', 'loads a module whose name is made at run time', node)
  else load(name, node)
}

const runners = /^(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|fork)$/u

function seeCall(node: CallExpression, seen: Seen): void {
  const { callee, arguments: args } = node
  const [first] = args
  const text = seen.fold(first)
  const called = calledName(node)
  // Whatever the loader is called (require, createRequire()(), getBuiltinModule): the name of a module is its argument.
  if (targetOf(callee, seen.aliases) === 'require' && first !== undefined) seeImport(first, node, seen)
  else if (text !== undefined && kindOfModule(text) !== undefined && !runners.test(called)) seen.load(text, node)
  else if (called === 'getBuiltinModule' && text === undefined)
    seen.note('dynamic-code', 'loads a module whose name is made at run time', node)
  if (runners.test(called)) {
    const program = text?.trim().split(/\s/u)[0]
    seen.note(
      'child',
      program && !program.includes(unknownPart) ? `runs ${program}` : 'runs a program named at run time',
      node,
    )
  }
  if (isFunctionMaker(callee)) seen.note('dynamic-code', 'Function', node)
  if (/^(?:setTimeout|setInterval)$/u.test(called) && text !== undefined)
    seen.note('dynamic-code', `${called} with text`, node)
  if (called === 'dlopen') seen.note('native', 'process.dlopen', node)
  if (called === 'homedir') seen.note('files', 'the home folder', node)
  seeText(node, seen)
}

function calledName({ callee }: CallExpression): string {
  if (callee.type === 'Identifier') return callee.name
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier' ? callee.property.name : ''
}

function isFunctionMaker(node: AnyNode): boolean {
  return node.type === 'Identifier' && node.name === 'Function'
}

type Member = Extract<AnyNode, { type: 'MemberExpression' }>

function seeMember(node: Member, seen: Seen): void {
  const { object, property } = node
  const name = node.computed ? seen.fold(property) : property.type === 'Identifier' ? property.name : undefined
  const owner = targetOf(object, seen.aliases) ?? ''
  if (isEnv(object, seen)) {
    seen.note('env', name === undefined || name.includes(unknownPart) ? 'any variable' : name, node)
    return
  }
  if (name === 'env' && owner === 'process') seen.note('env', 'process.env', node)
  if (globals.has(owner) && node.computed && name === undefined)
    seen.note('obfuscated', `${owner}[…] with a name made at run time`, node)
  if (globals.has(owner) && name !== undefined) {
    if (networkGlobals.has(name)) seen.note('network', name, node)
    if (name === 'eval' || name === 'Function') seen.note('dynamic-code', name, node)
    if (node.computed && /^(?:eval|Function|fetch|require|env|binding|mainModule)$/u.test(name))
      seen.note('obfuscated', `${owner}['${name}'], written so that a search does not find it`, node)
  }
  if (name === 'binding' && owner === 'process') seen.note('native', 'process.binding', node)
  const isTwice = object.type === 'MemberExpression' && propertyName(object, seen) === 'constructor'
  if (name === 'constructor' && isTwice) seen.note('dynamic-code', 'Function through constructor.constructor', node)
}

function propertyName({ computed, property }: Member, { fold }: Seen): string | undefined {
  return computed ? fold(property) : property.type === 'Identifier' ? property.name : undefined
}

function isEnv(node: AnyNode, seen: Seen): boolean {
  if (targetOf(node, seen.aliases) === 'process.env') return true
  if (node.type !== 'MemberExpression' || propertyName(node, seen) !== 'env') return false
  return targetOf(node.object, seen.aliases) === 'process'
}

/** `const { API_KEY } = process.env`. */
function seePattern({ id, init }: Extract<AnyNode, { type: 'VariableDeclarator' }>, seen: Seen): void {
  if (init && isFunctionMaker(init)) seen.note('dynamic-code', 'Function under another name', init)
  if (init === null || init === undefined || id.type !== 'ObjectPattern') return
  const isOfEnv = isEnv(init, seen)
  const isOfWorld = globals.has(targetOf(init, seen.aliases) ?? '')
  for (const property of id.properties) {
    if (property.type !== 'Property' || property.key.type !== 'Identifier') continue
    const { name } = property.key
    if (isOfEnv) seen.note('env', name, property)
    else if (isOfWorld && networkGlobals.has(name)) seen.note('network', name, property)
    else if (isOfWorld && /^(?:eval|Function)$/u.test(name)) seen.note('dynamic-code', name, property)
  }
}

function seeText(node: AnyNode, { fold, note }: Seen): void {
  const text = fold(node)
  if (text === undefined || text.length < 4) return
  for (const host of addressesIn(text)) note('host', host, node)
  if (isSecretPlace(text)) note('files', text, node)
  if (isBlob(text)) note('obfuscated', `${text.length} characters of encoded text`, node)
}

function unique(facts: readonly Fact[]): Fact[] {
  const named = new Set(
    facts.filter(({ kind, what }) => kind === 'env' && what !== 'process.env').map(({ line }) => line),
  )
  const told = facts.filter(({ what, line }) => what !== 'process.env' || !named.has(line))
  return [...new Map(told.map(fact => [`${fact.kind} ${fact.what} ${fact.line}`, fact])).values()]
}
