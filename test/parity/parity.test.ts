import assert from 'node:assert/strict'
import test, { describe } from 'node:test'
import { gatewayMissing } from '../fixtures/gateway.ts'
import { faithful } from '../plays/faithful.ts'
import { type Play, perform, type Stage, type Transcript } from '../plays/play.ts'
import { direct, through } from '../plays/stages.ts'
import type { Era } from '../plays/talker.ts'

const straight = new Map<string, Promise<Transcript>>()

// Most of the time goes into starting processes, so a few plays run side by side.
describe('through the gateway nobody can tell the difference', { concurrency: 3 }, () => {
  for (const stage of through)
    for (const play of faithful.filter(({ isLarge }) => !(isLarge && stage.hasDefaults)))
      for (const era of play.eras ?? (['legacy', 'modern'] as const))
        test(`${stage.name}, ${era}: ${play.title}`, { skip: gatewayMissing }, async () => {
          const [seen, expected] = [await perform(play, stage, era), await without(play, era)]
          assert.deepEqual(seen.client, expected.client)
          assert.deepEqual(seen.announced, expected.announced)
          assert.deepEqual(withoutCancel(seen), withoutCancel(expected))
        })
})

function without(play: Play, era: Era): Promise<Transcript> {
  const key = `${era} ${play.title}`
  const known = straight.get(key) ?? perform(play, direct.stdio satisfies Stage, era)
  straight.set(key, known)
  return known
}

/** Whether giving up is a message or a closed connection depends on the last stretch; that it arrives is in the play. */
function withoutCancel({ server }: Transcript): readonly unknown[] {
  return server.filter(({ method }) => method !== 'notifications/cancelled')
}
