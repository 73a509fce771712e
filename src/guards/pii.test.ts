import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { messageOf, play } from '../../test/situation.ts'
import { applyEdits } from '../core/edit.ts'
import { pii } from './pii.ts'

const answer = (text: string) =>
  messageOf({ kind: 'tool.result', tool: 't', args: {}, result: { content: [{ type: 'text', text }] } })

test('what is sensitive labels the session, what is everywhere does not', proves('T4.classify'), () => {
  const found = play(pii)(answer('4012 8888 8888 1881, ann.lee@contoso.com'))
  assert.deepEqual(
    found.map(({ rule, labels }) => [rule, labels]),
    [
      ['pii/card', ['sensitive']],
      ['pii/email', undefined],
    ],
  )
})

test('kinds that are to be cut are cut everywhere, the others stay', () => {
  const message = answer('a 4012 8888 8888 1881 b ann.lee@contoso.com c 378282246310005')
  const fix = play(pii, { options: { cut: ['card'] } })(message).flatMap(finding => finding.fix ?? [])
  const after = JSON.stringify(applyEdits({ result: message.payload }, fix))
  assert.ok(after.includes('a [redacted: card, 19 chars] b ann.lee@contoso.com c [redacted: card, 15 chars]'), after)
})

test('a list of people is one finding', () => {
  const people = Array.from({ length: 500 }, (_, i) => `person${i}@contoso.com`).join('\n')
  const [finding, more] = play(pii)(answer(people))
  assert.equal(finding?.facts['count'], 500)
  assert.equal(more, undefined)
})

test('no finding holds the number', () => {
  const found = JSON.stringify(play(pii, { options: { cut: ['card'] } })(answer('4012 8888 8888 1881')))
  assert.ok(!found.includes('1881'))
})
