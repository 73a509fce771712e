import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { messageOf, play } from '../../test/situation.ts'
import { applyEdits } from '../core/edit.ts'
import { classified } from './classified.ts'

const none = { tools: [], paths: [], pointers: [], words: [], pattern: '', label: 'sensitive', answers: 'note' }
const judge = (one: object) => play(classified, { options: { classes: { payroll: { ...none, ...one } } } })
const answer = (structuredContent: object, tool = 't') =>
  messageOf({
    kind: 'tool.result',
    tool,
    args: { path: '/home/hr/payroll/june.csv' },
    result: { content: [], ...structuredContent },
  })

test('what comes from a classified tool or path carries the class’s label', proves('T4.classify'), () => {
  for (const one of [{ tools: ['files/t'] }, { paths: ['*/payroll/*'] }]) {
    const [finding] = judge({ ...one, label: 'payroll' })(answer({}))
    assert.deepEqual([finding?.rule, finding?.labels], ['classified/source', ['payroll']])
  }
  assert.deepEqual(judge({ tools: ['hr/*'], paths: ['*/public/*'] })(answer({})), [])
})

test('a classified member is cut whole and the rest of the answer stays', () => {
  const message = answer({ structuredContent: { people: [{ name: 'Ann', salary: 'high' }] } })
  const findings = judge({ pointers: ['/structuredContent/*/salary'], answers: 'cut' })(message)
  const after = applyEdits(
    { result: message.payload },
    findings.flatMap(({ fix = [] }) => fix),
  )
  assert.deepEqual(after, {
    result: { content: [], structuredContent: { people: [{ name: 'Ann', salary: '[redacted: payroll]' }] } },
  })
})

test('a classified word that leaves through a sending tool is certain and high, also in base64', () => {
  const text = Buffer.from('the plan of Project Falcon is ready').toString('base64')
  for (const body of ['about Project Falcon', `see ${text}`]) {
    const call = messageOf({ kind: 'tool.call', tool: 'send_mail', args: { body } })
    const [finding] = judge({ words: ['Project Falcon'] })(call)
    assert.deepEqual([finding?.rule, finding?.severity, finding?.confidence], ['classified/text', 'high', 'certain'])
  }
})

test('without classes nothing is found', () => {
  assert.deepEqual(play(classified)(answer({ structuredContent: { a: 'Project Falcon' } })), [])
})
