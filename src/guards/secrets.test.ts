import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { messageOf, play, sceneOf, toolOf } from '../../test/situation.ts'
import { applyEdits } from '../core/edit.ts'
import type { JsonObject } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import { secrets } from './secrets.ts'

const key = `ghp_${'q7Lm2XzR9b'.repeat(4)}`
const answer = (text: string, rest: JsonObject = {}) =>
  messageOf({ kind: 'tool.result', tool: 't', args: {}, result: { content: [{ type: 'text', text }], ...rest } })

function cleaned(message: Message, judge = play(secrets)): string {
  const fix = judge(message).flatMap(finding => finding.fix ?? [])
  return JSON.stringify(applyEdits({ result: message.payload }, fix))
}

test('a credential is cut out of an answer, and what was cut is said', proves('V.output', 'T4.classify'), () => {
  const text = cleaned(answer(`clone with ${key} please`, { structuredContent: { token: key, n: 1 } }))
  assert.ok(!text.includes(key.slice(0, 20)))
  assert.ok(text.includes('clone with [redacted: github token, 44 chars, …zR9b] please'))
  assert.ok(text.includes('"n":1'))
})

test('no finding holds the credential', () => {
  for (const message of [answer(`x ${key}`), messageOf({ kind: 'tool.call', tool: 'send_mail', args: { a: key } })]) {
    const told = JSON.stringify(play(secrets)(message).map(({ fix: _, ...rest }) => rest))
    assert.ok(!told.includes('q7Lm2X'), told)
  }
})

test('a credential on its way out through a sending tool is certain and high and is not cut in silence', () => {
  const call = (tool: string) => messageOf({ kind: 'tool.call', tool, args: { text: key } })
  const [sent] = play(secrets)(call('send_mail'))
  assert.deepEqual(
    [sent?.severity, sent?.confidence, sent?.fix, sent?.labels],
    ['high', 'certain', undefined, ['secret']],
  )
  const [kept] = play(secrets)(call('write_file'))
  assert.equal(kept?.severity, 'medium')
})

test('a cut that the output schema refuses becomes a mask that it accepts', () => {
  const outputSchema = { type: 'object', properties: { token: { type: 'string', pattern: '^[a-z0-9_A-Z*]{44}$' } } }
  const tool = toolOf({ name: 't', outputSchema })
  const text = cleaned(answer('', { structuredContent: { token: key } }), play(secrets, { scene: sceneOf({ tool }) }))
  assert.ok(text.includes(`"token":"${'*'.repeat(44)}"`), text)
})

test('where no cut fits the output schema there is none, so that policy stops the answer', () => {
  const outputSchema = { type: 'object', properties: { token: { type: 'string', pattern: '^ghp_[a-zA-Z0-9]{40}$' } } }
  const scene = sceneOf({ tool: toolOf({ name: 't', outputSchema }) })
  const [finding] = play(secrets, { scene })(answer('', { structuredContent: { token: key } }))
  assert.equal(finding?.fix, undefined)
  assert.equal(finding?.severity, 'high')
})

test('answers can be set to be noted only', () => {
  const [finding] = play(secrets, { options: { answers: 'note' } })(answer(key))
  assert.deepEqual([finding?.severity, finding?.fix, finding?.labels], ['medium', undefined, ['secret']])
})

test('a tool that documents a key is not changed', () => {
  const items = [{ name: 't', description: `Takes a key such as ${key}` }]
  const [finding] = play(secrets)(messageOf({ kind: 'server.surface', part: 'tools', items }))
  assert.deepEqual([finding?.severity, finding?.fix, finding?.labels], ['low', undefined, undefined])
})

test('a hundred keys give few findings whose fixes clean the whole', () => {
  const keys = Array.from({ length: 100 }, (_, i) => `ghp_${String(i + 100).repeat(2)}q7Lm2XzR9bTk4VnW8cYdq7Lm2XzR9b`)
  const message = answer(keys.join(' and '))
  assert.ok(play(secrets)(message).length <= 16)
  assert.ok(!cleaned(message).includes('ghp_'))
})
