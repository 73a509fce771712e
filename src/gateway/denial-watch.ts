import type { ServerConfig } from '../config/config.ts'
import type { ServerName } from '../core/brand.ts'
import { effectsSaid } from '../core/capability.ts'
import { isObject, type JsonObject } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import type { AuditEvent } from '../core/port.ts'
import type { Permission } from '../sandbox/permission.ts'
import { refusalsSaid, type Speaker } from '../sandbox/refused-words.ts'
import type { Grants } from './document-line.ts'
import type { Held } from './say-refused.ts'

/**
 * Names the line that would give a server what it says it was refused. To a server a path that it may not see is one
 * that does not exist, and to us too; its own words are all there is without a trace. They prove nothing, so a person
 * is told where they come from, the model is told nothing, and what no document may give is never proposed.
 */
export type DenialWatch = {
  started(server: ServerConfig, start: { readonly permission: Permission; readonly source: string }): void
  /** An answer of a server, after it was judged. */
  answered(message: Message): void
  /** A line of its error output. */
  printed(server: ServerName, line: string): void
  /** Resolves when all that was heard so far has been looked at. */
  settled(): Promise<void>
}

export type DenialPorts = {
  record(event: Omit<AuditEvent, 'atMs' | 'tenant'>): void
  say(text: string): void
  readonly grants?: Grants
}

type Watched = { readonly held: Held; readonly cwd: string; waiting: number; work: Promise<void> }

/** A server that says something else each time is heard so often at once; how much of it is told, the other file bounds. */
const waitingMax = 8

export function newDenialWatch(ports: DenialPorts): DenialWatch {
  const servers = new Map<ServerName, Watched>()
  const hear = (server: ServerName, text: string, isChanging: boolean): void => {
    const watched = servers.get(server)
    if (watched === undefined || watched.waiting >= waitingMax) return
    const speaker: Speaker = { cwd: watched.cwd, isChanging }
    const said = refusalsSaid(text, speaker)
    if (said.length === 0) return
    watched.waiting++
    watched.work = watched.work
      // Loaded for the first refusal: most servers never speak of one.
      .then(() => import('./say-refused.ts'))
      .then(({ sayRefused }) => sayRefused(watched.held, said, ports))
      // Nothing hangs on it: a path that went away while it was looked at is no line to add.
      .catch(() => undefined)
      .finally(() => watched.waiting--)
  }
  return {
    started({ name, connect }, { permission, source }) {
      if (connect.kind !== 'command') return
      const { command } = connect
      const known = servers.get(name)?.held
      // A server that crashes and starts again says the same again.
      if (JSON.stringify([known?.permission, known?.command]) === JSON.stringify([permission, command])) return
      const cwd = permission.cwd ?? connect.cwd
      const held: Held = { server: name, permission, source, command, told: new Set() }
      servers.set(name, { held, cwd, waiting: 0, work: Promise.resolve() })
    },
    answered({ server, from, body }) {
      if (from !== 'server' || !servers.has(server)) return
      if (body.kind === 'tool.result' && body.result['isError'] === true)
        hear(server, textOf(body.result), isChanging(body.tool))
      if (body.kind === 'error') hear(server, String(body.error['message'] ?? ''), isChanging(body.tool ?? ''))
    },
    printed: (server, line) => hear(server, line, false),
    async settled() {
      await Promise.all([...servers.values()].map(({ work }) => work))
    },
  }
}

const partsMax = 4

function textOf({ content }: JsonObject): string {
  const parts = Array.isArray(content) ? content.slice(0, partsMax) : []
  return parts.map(part => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('\n')
}

function isChanging(tool: string): boolean {
  return effectsSaid({ name: tool }).some(effect => effect === 'write' || effect === 'destroy')
}
