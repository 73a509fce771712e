import { guard } from '../core/guard.ts'

export const source = guard({
  id: 'source',
  title: 'Answers of sources that strangers can write to: what follows is judged as if they had asked for it',
  threats: ['T1.confirm', 'S2.order', 'T4.classify'],
  reads: ['tool.result', 'resource.content', 'prompt.result'],
  options: {},
  inspect({ root, server }, { scene }) {
    if (scene.server.writers !== 'anyone') return []
    // Not an accusation: it only labels the session, so that policy can ask before the next act.
    const facts = { server, writers: 'anyone' }
    return [
      { rule: 'source/untrusted', severity: 'info', confidence: 'certain', at: root, facts, labels: ['untrusted'] },
    ]
  },
})
