import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, play, sceneOf } from '../../test/situation.ts'
import type { ServerName } from '../core/brand.ts'
import { questions } from './questions.ts'

test('behind one endpoint, the talk with this server is the talk with all of them', () => {
  const tools = new Map([
    ['a' as ServerName, []],
    ['b' as ServerName, []],
  ])
  const params = { messages: [], includeContext: 'thisServer' }
  const [finding] = play(questions, { scene: sceneOf({ tools }) })(messageOf({ kind: 'sampling.request', params }))
  assert.deepEqual(finding?.fix, [{ at: '/params/includeContext', set: 'none' }])
})

test('a form of more fields than anyone reads is held back', () => {
  const found = (fields: number) => {
    const properties = Object.fromEntries(Array.from({ length: fields }, (_, i) => [`f${i}`, { type: 'string' }]))
    const params = { message: '', requestedSchema: { type: 'object', properties } }
    return play(questions)(messageOf({ kind: 'elicitation.request', params })).map(({ rule }) => rule)
  }
  // Three texts of the form itself, and three of each field.
  assert.deepEqual([found(199), found(200)], [[], ['questions/flood']])
})
