import type { Finding } from '../core/finding.ts'
import { anyGlobOf, type Glob } from '../core/glob.ts'
import type { Scene } from '../core/guard.ts'
import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { option } from '../core/option.ts'
import { surfaceItems } from '../text/surface-items.ts'

const patterns = (about: string, tighter: 'fewer' | 'more') =>
  option.list({ about, default: [], maxItems: 1_000, tighter })

export const allowlist = guard({
  id: 'allowlist',
  title: 'Tools that were not allowed, or that their server never listed',
  threats: ['T2.allowlist', 'S3.allowlist', 'P.tools', 'C5.roles', 'C2.readonly'],
  reads: ['server.surface', 'tool.call', 'other'],
  options: {
    roles: option.map({
      about: 'Tools by role, as `read_*` or `server/read_*`; once one role is named here, a role that is not has none',
      each: {
        allow: patterns('Tools that the role may see and call', 'fewer'),
        deny: patterns('Tools that it may not, whatever `allow` says', 'more'),
      },
    }),
  },
  inspect(message, { options, scene }) {
    const rules: Rules = { server: message.server, scene, roles: options.roles }
    const { body } = message
    switch (body.kind) {
      case 'tool.call':
        return called(message, body.tool, rules)
      case 'other':
        return followed(message, body.call?.tool, rules)
      default:
        return listed({ ...message, body }, rules)
    }
  },
})

type Roles = Readonly<Record<string, Role>>
type Role = { readonly allow: readonly string[]; readonly deny: readonly string[] }
type Rules = { readonly server: string; readonly scene: Scene; readonly roles: Roles }

function called({ root }: Message, tool: string, rules: Rules): Finding[] {
  const found = { severity: 'high', confidence: 'certain', at: `${root}/name` } as const
  const facts = { tool, role: rules.scene.session.role }
  const by = whoDenies(tool, rules)
  if (by !== undefined) return [{ ...found, rule: 'allowlist/denied', facts: { ...facts, by } }]
  return rules.scene.tool === undefined ? [{ ...found, rule: 'allowlist/never-listed', facts: { tool } }] : []
}

/** Whoever may not call a tool may not fetch what a task of it came to. */
function followed({ root }: Message, tool: string | undefined, rules: Rules): Finding[] {
  const by = tool === undefined ? undefined : whoDenies(tool, rules)
  if (tool === undefined || by === undefined) return []
  const facts = { tool, role: rules.scene.session.role, by }
  return [{ rule: 'allowlist/denied', severity: 'high', confidence: 'certain', at: `${root}/taskId`, facts }]
}

function listed(message: Message<'server.surface'>, rules: Rules): Finding[] {
  if (message.body.part !== 'tools') return []
  const hidden = surfaceItems(message).flatMap(({ at, item }) => {
    const name = item['name']
    const by = typeof name === 'string' ? whoDenies(name, rules) : 'name'
    return by === undefined ? [] : [{ at, tool: String(name ?? ''), by }]
  })
  const [first] = hidden
  if (first === undefined) return []
  const facts = { tools: hidden.length, first: first.tool, by: first.by, role: rules.scene.session.role }
  const fix = hidden.map(({ at }) => ({ at, remove: true }) as const)
  return [{ rule: 'allowlist/hidden', severity: 'high', confidence: 'certain', at: first.at, facts, fix }]
}

function whoDenies(tool: string, { server, scene, roles }: Rules): 'server' | 'role' | undefined {
  if (scene.server.deny !== undefined && isDenied(scene.server.deny, tool, server)) return 'server'
  if (scene.server.allow !== undefined && !fits(scene.server.allow, tool, server)) return 'server'
  if (Object.keys(roles).length === 0) return undefined
  const role = Object.hasOwn(roles, scene.session.role) ? roles[scene.session.role] : undefined
  if (role === undefined || isDenied(role.deny, tool, server)) return 'role'
  return fits(role.allow, tool, server) ? undefined : 'role'
}

const compiled = new WeakMap<readonly string[], Glob>()
const denials = new WeakMap<readonly string[], Glob>()

/** What is denied is not won back by spelling it in capitals or in letters of another width. */
function isDenied(patterns: readonly string[], tool: string, server: string): boolean {
  const glob = denials.get(patterns) ?? anyGlobOf(patterns.map(plain))
  denials.set(patterns, glob)
  return glob(plain(tool)) || glob(plain(`${server}/${tool}`))
}

function plain(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

function fits(patterns: readonly string[], tool: string, server: string): boolean {
  const glob = compiled.get(patterns) ?? compile(patterns)
  return glob(tool) || glob(`${server}/${tool}`)
}

function compile(patterns: readonly string[]): Glob {
  const glob = anyGlobOf(patterns)
  compiled.set(patterns, glob)
  return glob
}
