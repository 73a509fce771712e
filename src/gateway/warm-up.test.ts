import assert from 'node:assert/strict'
import test from 'node:test'
import { defaultConfig } from '../config/defaults.ts'
import type { Guard } from '../core/guard.ts'
import { pipelineOf } from '../core/pipeline.ts'
import { guards } from '../guards/index.ts'
import { warmUp } from './warm-up.ts'

const settings = defaultConfig(guards).guards

/** The guards, with a note of who read what and whether it broke over it. */
function watched(seen: string[]): Guard[] {
  return guards.map(guard => ({
    ...guard,
    inspect(message, context) {
      seen.push(`${guard.id} ${message.body.kind}`)
      try {
        return guard.inspect(message, context)
      } catch (cause) {
        seen.push(`${guard.id} broke: ${cause}`)
        throw cause
      }
    },
  }))
}

test('every guard that reads what servers say has read something, none broke over it, and others had their turn', async () => {
  const seen: string[] = []
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  await warmUp(pipelineOf(watched(seen), settings), () => false)
  clearInterval(timer)
  const readers = guards.filter(({ id, reads }) => settings[id] !== false && reads.includes('tool.result'))
  assert.ok(readers.length > 5)
  for (const { id } of readers) assert.ok(seen.includes(`${id} tool.result`), id)
  assert.ok(seen.includes('description server.surface'))
  assert.deepEqual(
    seen.filter(note => note.includes('broke')),
    [],
  )
  assert.ok(turns > 0)
})

test('it ends when it is no longer wanted', async () => {
  const seen: string[] = []
  await warmUp(pipelineOf(watched(seen), settings), () => seen.length >= 3)
  assert.equal(seen.length, 3)
})
