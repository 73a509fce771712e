import { type Effect, effectsSaid, type Tool } from '../core/capability.ts'
import type { Finding } from '../core/finding.ts'
import type { Permission } from './permission.ts'

/**
 * Holds what tools say they do against what their server may do. A tool that promises what the sandbox refuses was
 * described for another server or will fail; a permission that no tool needs is one to take away.
 */
export function checkEffects(tools: readonly Tool[], permission: Permission): readonly Finding[] {
  return [...tools.flatMap((tool, i) => promisesTooMuch(tool, i, permission)), ...givenForNothing(tools, permission)]
}

type Door = {
  readonly effects: readonly Effect[]
  readonly isOpen: (permission: Permission) => boolean
  readonly needs: string
}

const hasNetwork = ({ net }: Permission) => net !== 'none'
const canWrite = ({ files }: Permission) => files.write.length > 0

const doors: readonly Door[] = [
  { effects: ['send', 'spend'], isOpen: hasNetwork, needs: 'net.hosts' },
  // What a tool writes or destroys may as well lie behind the network.
  { effects: ['write', 'destroy'], isOpen: p => canWrite(p) || hasNetwork(p), needs: 'files.write' },
  { effects: ['execute'], isOpen: p => p.children !== 'none' || hasNetwork(p), needs: 'children' },
]

function promisesTooMuch(tool: Tool, i: number, permission: Permission): Finding[] {
  // Not `tool.effects`: a tool that says nothing counts as writing there, and it has promised nothing.
  const said = effectsSaid(tool.definition)
  return doors.flatMap(({ effects, isOpen, needs }) => {
    const effect = effects.find(each => said.includes(each))
    if (effect === undefined || isOpen(permission)) return []
    const facts = { tool: tool.name, effect, needs }
    return [
      { rule: 'sandbox/effect-not-permitted', severity: 'low', confidence: 'likely', at: `/result/tools/${i}`, facts },
    ]
  })
}

function givenForNothing(tools: readonly Tool[], permission: Permission): Finding[] {
  if (tools.length === 0) return []
  const has = (...effects: readonly Effect[]) =>
    tools.some(tool => effects.some(effect => tool.effects.includes(effect)))
  const unused: readonly (readonly [boolean, string, string])[] = [
    [
      hasNetwork(permission) && !has('send', 'spend', 'write', 'destroy', 'execute', 'admin') && !looksOutward(tools),
      'net.hosts',
      'send',
    ],
    [canWrite(permission) && !has('write', 'destroy', 'execute'), 'files.write', 'write'],
    [permission.children !== 'none' && !has('execute'), 'children', 'execute'],
  ]
  return unused
    .filter(([isUnused]) => isUnused)
    .map(([, given, effect]) => ({
      ...{ rule: 'sandbox/permission-not-used', severity: 'medium', confidence: 'possible', at: '/result/tools' },
      facts: { given, effect },
    }))
}

/** Searching and fetching read, but over the network. */
function looksOutward(tools: readonly Tool[]): boolean {
  return tools.some(({ name, definition }) => {
    const annotations = definition['annotations']
    const isOpen = typeof annotations === 'object' && annotations !== null && 'openWorldHint' in annotations
    return isOpen || /search|fetch|query|get|list|lookup|browse/iu.test(name)
  })
}
