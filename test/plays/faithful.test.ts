import assert from 'node:assert/strict'
import test from 'node:test'
import { faithful } from './faithful.ts'
import { type Play, perform, type Transcript } from './play.ts'
import { direct } from './stages.ts'
import type { Era } from './talker.ts'

for (const play of faithful)
  for (const era of play.eras ?? (['legacy', 'modern'] as const))
    test(`${era}: ${play.title}, over stdio and over HTTP alike`, async () => {
      const [line, web] = await Promise.all([perform(play, direct.stdio, era), perform(play, direct.http, era)])
      assert.deepEqual(comparable(line), comparable(web))
      assert.equal(line.client.length, answersIn(play) + 1)
    })

/** Over HTTP a modern client cancels by hanging up, so the server sees no message about it. */
function comparable({ client, server }: Transcript): Omit<Transcript, 'announced'> {
  return { client, server: server.filter(({ method }) => method !== 'notifications/cancelled') }
}

function answersIn(play: Play): number {
  return play.steps.flatMap(step => ('all' in step ? step.all : 'say' in step ? [step] : [])).length
}

test('a play that expects an announcement fails when there is none', { timeout: 30_000 }, async () => {
  const play: Play = { title: 'silence', script: {}, steps: [{ untilServerSaw: 'never/said' }] }
  const eras: readonly Era[] = ['legacy']
  for (const era of eras) await assert.rejects(perform(play, direct.stdio, era), /waited/u)
})
