import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, play, sceneOf } from '../../test/situation.ts'
import { source } from './source.ts'

test('what strangers could have written labels the session, and accuses nobody', () => {
  const message = messageOf({ kind: 'tool.result', tool: 't', args: {}, result: { content: [] } })
  const [finding] = play(source, { scene: sceneOf({ server: { writers: 'anyone' } }) })(message)
  assert.deepEqual([finding?.labels, finding?.severity], [['untrusted'], 'info'])
})
