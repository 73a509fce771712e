import type { AnyNode, Program } from 'acorn'
import { simple } from 'acorn-walk'
import { type Aliases, targetOf } from './source-aliases.ts'
import type { FactKind } from './source-facts.ts'

type Looking = {
  readonly aliases: Aliases
  note(kind: FactKind, what: string, node: AnyNode): void
  fold(node: AnyNode | null | undefined): string | undefined
}

type Call = Extract<AnyNode, { type: 'CallExpression' }>
const worlds = new Set(['globalThis', 'global', 'window', 'self', 'process'])

/** Ways to make code, or to reach a loader, that honest sources do not take: each is reported as what cannot be read off. */
export function seeEvasions(tree: Program, looking: Looking): void {
  const makers = new Set<string>()
  simple(tree, {
    VariableDeclarator: ({ id, init }) => {
      if (id.type === 'Identifier' && init && keyOf(init, looking) === 'constructor') makers.add(id.name)
    },
  })
  simple(tree, {
    CallExpression: node => seeCall(node, { ...looking, makers }),
    Class: node => {
      if (node.superClass?.type === 'Identifier' && node.superClass.name === 'Function')
        looking.note('dynamic-code', 'a class made of Function', node.superClass)
    },
    NewExpression: node => {
      const name = node.callee.type === 'Identifier' ? node.callee.name : keyOf(node.callee, looking)
      if (name === 'Worker') seeWorker(node, looking)
    },
    Property: ({ key, value }) => {
      if (key.type === 'Identifier') seeHost(key.name, value, looking)
    },
    AssignmentExpression: ({ left, right }) => seeHost(keyOf(left, looking) ?? '', right, looking),
    ImportExpression: node => seeData(node.source, node, looking),
    ImportDeclaration: node => seeData(node.source, node, looking),
    Identifier: node => {
      if (node.name === 'WebAssembly') looking.note('native', 'WebAssembly', node)
    },
    VariableDeclarator: ({ init }) => {
      if (init?.type === 'Identifier' && init.name === 'require')
        looking.note('dynamic-code', 'the loader under another name', init)
    },
  })
}

function seeCall(
  node: Call,
  { aliases, makers, note, fold }: Looking & { readonly makers: ReadonlySet<string> },
): void {
  const { callee, arguments: args } = node
  // `new this.constructor()` copies an object; calling a constructor without `new` makes a function of text.
  if (keyOf(callee, { fold }) === 'constructor') note('dynamic-code', 'calls a constructor taken from a value', node)
  if (callee.type === 'Identifier' && makers.has(callee.name))
    note('dynamic-code', 'calls a constructor taken from a value', node)
  if (callee.type !== 'MemberExpression') return
  const owner = targetOf(callee.object, aliases)
  const key = keyOf(callee, { fold })
  if (owner === 'require' && /^(?:call|apply|bind)$/u.test(key ?? ''))
    note('dynamic-code', `the loader through ${key}`, node)
  if (owner === 'module' && key === 'require' && fold(args[0]) === undefined)
    note('dynamic-code', 'loads a module whose name is made at run time', node)
  const [first, second] = args
  if (/^(?:connect|createConnection)$/u.test(key ?? '') && second !== undefined)
    seeHost('host', second, { aliases, note, fold })
  if (owner === 'Object' && first !== undefined && worlds.has(targetOf(first, aliases) ?? ''))
    note('env', 'any variable', node)
  if (/^(?:register|registerHooks)$/u.test(key ?? '') && isOfModule(callee.object, { fold }))
    note('dynamic-code', 'a hook into the loader of modules', node)
  if (owner === 'Reflect' && first !== undefined && worlds.has(targetOf(first, aliases) ?? ''))
    note('obfuscated', `a global through Reflect.${key}`, node)
}

/** `require('module')`, or the name that it is usually imported under. */
function isOfModule(node: AnyNode, { fold }: Pick<Looking, 'fold'>): boolean {
  if (node.type === 'Identifier') return /^(?:module|Module|nodeModule)$/u.test(node.name)
  return node.type === 'CallExpression' && /^(?:node:)?module$/u.test(fold(node.arguments[0]) ?? '')
}

const hostKey = /^(?:host|hostname|servername)$/u
const hostName = /^(?=.{4,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}$/iu

/** A host on its own, where an address is put together from parts. */
function seeHost(key: string, value: AnyNode, { note, fold }: Looking): void {
  const text = hostKey.test(key) ? fold(value) : undefined
  if (text !== undefined && hostName.test(text)) note('host', text.toLowerCase(), value)
}

function keyOf(node: AnyNode, { fold }: Pick<Looking, 'fold'>): string | undefined {
  if (node.type !== 'MemberExpression') return undefined
  return node.computed ? fold(node.property) : node.property.type === 'Identifier' ? node.property.name : undefined
}

function seeWorker(node: Extract<AnyNode, { type: 'NewExpression' }>, { note, fold }: Looking): void {
  const [source, options] = node.arguments
  const isText =
    options?.type === 'ObjectExpression' &&
    options.properties.some(
      each => each.type === 'Property' && each.key.type === 'Identifier' && each.key.name === 'eval',
    )
  const name = source?.type === 'NewExpression' ? fold(source.arguments[0]) : fold(source)
  if (isText || name === undefined || /^(?:data|blob):/iu.test(name))
    note('dynamic-code', 'a worker whose code is no file that the source names', node)
}

function seeData(source: AnyNode, node: AnyNode, { note, fold }: Looking): void {
  if (/^\s*(?:data|blob|https?):/iu.test(fold(source) ?? ''))
    note('dynamic-code', 'loads code that is no file of this package', node)
}
