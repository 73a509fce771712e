import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { measure } from '../text/measure.ts'

export const source = guard({
  id: 'source',
  title: 'Answers of sources that strangers can write to: what follows is judged as if they had asked for it',
  threats: ['T1.confirm', 'S2.order', 'T4.classify'],
  reads: ['tool.result', 'resource.content', 'prompt.result', 'server.surface', 'error', 'other'],
  options: {},
  inspect(message, { scene }) {
    if (scene.server.writers !== 'anyone' || !isWritten(message)) return []
    // Not an accusation: it only labels the session, so that policy can ask before the next act.
    const facts = { server: message.server, writers: 'anyone' }
    return [
      {
        rule: 'source/untrusted',
        severity: 'info',
        confidence: 'certain',
        at: message.root,
        facts,
        labels: ['untrusted'],
      },
    ]
  },
})

type Answer = Message<'tool.result' | 'resource.content' | 'prompt.result' | 'server.surface' | 'error' | 'other'>

const reading = new Set(['resources/read', 'prompts/get', 'completion/complete', 'tasks/get', 'tasks/result'])

/** Whether a stranger's words can stand in it. What a server says of itself is its own, and pinned where it matters. */
function isWritten({ body, from }: Answer): boolean {
  switch (body.kind) {
    case 'server.surface':
      // Files, mails and tickets are listed by the names that their writers gave them.
      return body.part === 'resources' && body.items.length > 0
    case 'error':
      return from === 'server' && (body.tool !== undefined || reading.has(body.method))
    case 'other':
      return from === 'server' && body.phase === 'result' && measure(body.value).chars > 0
    default:
      return true
  }
}
