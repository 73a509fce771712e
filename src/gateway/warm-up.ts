import { setImmediate as turn } from 'node:timers/promises'
import { localTenant, type Principal, type ServerName, type SessionId } from '../core/brand.ts'
import type { Scene } from '../core/guard.ts'
import type { Body, Message } from '../core/message.ts'
import { inspect, type Pipeline } from '../core/pipeline.ts'

/**
 * Lets each guard read something harmless, one in a turn, so that its tables are made and its patterns compiled while a
 * server gets ready. Nothing of it is kept: guards only find.
 */
export async function warmUp(pipeline: Pipeline, isOver: () => boolean): Promise<void> {
  for (const body of harmless)
    for (const station of pipeline.get(body.kind) ?? []) {
      await turn()
      if (isOver()) return
      inspect(new Map([[body.kind, [station]]]), messageOf(body), { scene, share: 'all' })
    }
}

const text = 'Returns the text of one file. Where there is no such file, it says so and names the folder.'
const schema = { type: 'object', properties: { path: { type: 'string', description: 'Where the file is.' } } }
const tool = { name: 'read_file', description: text, inputSchema: schema }
const result = { content: [{ type: 'text', text }] }

const harmless: readonly Body[] = [
  { kind: 'server.surface', part: 'tools', items: [tool] },
  { kind: 'tool.result', tool: tool.name, args: { path: 'a.txt' }, result },
]

const principal = 'nobody' as Principal
const session = 'warm-up' as SessionId
const server = 'warm-up' as ServerName

const scene: Scene = {
  session: {
    ...{ id: session, tenant: localTenant, principal, role: 'default', client: '' },
    ...{ startedMs: 0, labels: [], memory: {} },
  },
  tools: new Map(),
  server: { writers: 'unknown' },
}

function messageOf(body: Body): Message {
  const payload = body.kind === 'tool.result' ? body.result : { tools: [tool] }
  return {
    ...{ id: 'warm-up', tenant: localTenant, principal, session, server, era: 'legacy', from: 'server' },
    ...{ atMs: 0, bytes: 0, root: '/result', payload, body },
  }
}
