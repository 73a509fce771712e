import type { Config, ServerConfig } from '../config/config.ts'
import { inspect, pipelineOf } from '../core/pipeline.ts'
import { guards } from '../guards/index.ts'
import type { Situation } from '../policy/facts.ts'
import type { PolicyTest } from '../policy/rule.ts'
import { situationOf } from '../policy/situation.ts'

/** A call that nobody made; `server` where it is known whose tool it is. */
export type AskedCall = Pick<PolicyTest, 'server' | 'effects' | 'labels' | 'args'> & { readonly tool: string }

export type Rehearsed =
  | { readonly ok: true; readonly situation: Situation }
  | { readonly ok: false; readonly reason: string }

/** The situation that a call would be, with what the guards find in it. Only what its server lists is not known. */
export function rehearsedCall(config: Config, asked: AskedCall): Rehearsed {
  const owned = ownerOf(config, asked)
  if (typeof owned === 'string') return { ok: false, reason: owned }
  const { server, tool } = owned
  const effects = asked.effects ?? server?.effects.get(tool)
  const situation = situationOf({
    ...asked,
    tool,
    ...(effects === undefined ? {} : { effects }),
    ...(server === undefined ? {} : { server: server.name }),
  })
  const scene = { ...situation.scene, server: server?.traits ?? situation.scene.server }
  const { findings } = inspect(pipelineOf(guards, config.guards), situation.message, { scene, share: 'all' })
  return { ok: true, situation: { ...situation, scene, findings } }
}

/** Whose tool it is: the server that is named, the one before `__` as clients see it, or the only one there is. */
function ownerOf(
  { servers }: Config,
  { tool, server: named }: AskedCall,
): { server?: ServerConfig; tool: string } | string {
  const all = [...servers.values()]
  if (named !== undefined) {
    const server = all.find(({ name }) => name === named)
    return server === undefined
      ? `no server ${named}; there are ${[...servers.keys()].join(', ') || 'none'}`
      : { server, tool }
  }
  const prefix = all.find(({ name }) => tool.startsWith(`${name}__`))
  if (prefix !== undefined) return { server: prefix, tool: tool.slice(prefix.name.length + 2) }
  const [only, ...others] = all
  return only !== undefined && others.length === 0 ? { server: only, tool } : { tool }
}
