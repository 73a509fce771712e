import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { messageOf } from '../../test/situation.ts'
import { guards } from '../guards/index.ts'
import { reasonsOf } from '../policy/reason.ts'
import { decisionKey, refusalFrame, refusalOf } from './refusal.ts'

const call = messageOf({ kind: 'tool.call', tool: 'send_mail', args: {} })
const decision = {
  verdict: { kind: 'block' as const },
  because: [
    {
      rule: 'policy:no-mail',
      then: 'block' as const,
      text: 'this session has read text that anybody could have written',
    },
  ],
  findings: [],
}

test('a refusal says what was refused, why, and what a person can do', proves('C5.educate'), () => {
  const { text, details } = refusalOf(call, decision)
  assert.match(text, /The call of send_mail on \w+ was blocked/u)
  assert.match(text, /This session has read text that anybody could have written\./u)
  assert.match(text, /sallyport policy explain/u)
  assert.deepEqual(details['rules'], ['policy:no-mail'])
})

test('a refused call is a result that the model reads, with the decision as data', () => {
  const { envelope } = refusalFrame(refusalOf(call, decision), { id: 1, method: 'tools/call', era: 'modern' })
  assert.ok(envelope.kind === 'result')
  const { isError, resultType, _meta } = envelope.result as Record<string, Record<string, unknown>>
  assert.deepEqual([isError, resultType, _meta?.[decisionKey] !== undefined], [true, 'complete', true])
})

test('anything else is refused with an error outside every reserved range', () => {
  const { envelope } = refusalFrame(refusalOf(call, decision), { id: 1, method: 'resources/read', era: 'legacy' })
  assert.ok(envelope.kind === 'error' && envelope.error.code > -32000)
})

test(
  'whatever a guard of texts found, its refusal says what, where, why it matters and how to undo it',
  proves('C5.educate'),
  () => {
    const teachers = [
      'hidden-text',
      'injection',
      'role-tokens',
      'exfiltration-links',
      'description',
      'secrets',
      'pii',
      'classified',
    ]
    for (const id of teachers) {
      const lesson = guards.find(one => one.id === id)?.lesson
      assert.ok(lesson, id)
      const finding = {
        rule: `${id}/x`,
        severity: 'high',
        confidence: 'certain',
        at: '/result/content/0/text',
        facts: {},
      } as const
      const because = reasonsOf({ name: 'no', then: 'block', reason: 'it looks bad' }, 'block', {
        spoke: true,
        findings: [finding],
      })
      const answer = messageOf({ kind: 'tool.result', tool: 'read', args: {}, result: {} })
      const { text } = refusalOf(answer, { verdict: { kind: 'block' }, because, findings: [finding] })
      assert.ok(text.includes(`${id}/x at /result/content/0/text`), text)
      assert.ok(text.includes(lesson.why) && text.includes(lesson.undo), text)
      assert.ok(
        text.includes(`{ name: …, match: { server: files, kind: tool.result }, then: allow, waive: ${id}/x }`),
        text,
      )
    }
  },
)

test('a call that says what cannot be read is an error of the protocol, which no model is told of', () => {
  const refusal = { code: 'malformed', text: 'It cannot be read.', details: {} } as const
  const { envelope } = refusalFrame(refusal, { id: 1, method: 'tools/call', era: 'modern' })
  assert.equal(envelope.kind === 'error' && envelope.error.code, -32602)
})
