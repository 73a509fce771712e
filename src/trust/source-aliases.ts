import type { AnyNode, Program } from 'acorn'
import { simple } from 'acorn-walk'

/** Other names of `process`, `globalThis`, `require` and the environment in one module, each with what it stands for. */
export type Aliases = ReadonlyMap<string, string>

const worlds = new Set(['globalThis', 'global', 'window', 'self'])
const known = new Set([...worlds, 'process', 'require', 'module', 'process.env'])

/** Finds `const p = process`, `const { env } = p`, `import { env } from 'node:process'` and the like. */
export function aliasesOf(tree: Program): Aliases {
  const aliases = new Map<string, string>()
  const name = (id: AnyNode, target: string | undefined): void => {
    if (target === undefined || !known.has(target)) return
    if (id.type === 'Identifier' && id.name !== target) aliases.set(id.name, target)
    if (id.type !== 'ObjectPattern') return
    for (const property of id.properties)
      if (property.type === 'Property' && property.key.type === 'Identifier')
        name(property.value, memberOf(target, property.key.name))
  }
  // Twice, so that an alias of an alias is found that is declared above it.
  for (let round = 0; round < 2; round++)
    simple(tree, {
      VariableDeclarator: ({ id, init }) => init && name(id, targetOf(init, aliases)),
      ImportDeclaration: ({ source, specifiers }) => {
        if (!/^(?:node:)?process$/u.test(String(source.value))) return
        for (const each of specifiers) {
          const isNamed = each.type === 'ImportSpecifier' && each.imported.type === 'Identifier'
          const imported = isNamed && each.imported.type === 'Identifier' ? each.imported.name : 'default'
          name(each.local, imported === 'default' ? 'process' : memberOf('process', imported))
        }
      },
    })
  return aliases
}

/** What an expression stands for: `process` of `globalThis.process`, `process.env` of `p.env` where `p` is another name. */
export function targetOf(node: AnyNode, aliases: Aliases): string | undefined {
  if (node.type === 'Identifier') return aliases.get(node.name) ?? node.name
  if (node.type !== 'MemberExpression') return undefined
  const owner = targetOf(node.object, aliases)
  const key = node.computed
    ? node.property.type === 'Literal'
      ? String(node.property.value)
      : undefined
    : node.property.type === 'Identifier'
      ? node.property.name
      : undefined
  return owner === undefined || key === undefined ? undefined : memberOf(owner, key)
}

function memberOf(owner: string, key: string): string | undefined {
  if (worlds.has(owner)) return key
  if (owner === 'process' && key === 'env') return 'process.env'
  return owner === 'module' && key === 'require' ? 'require' : undefined
}
