import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, stage } from '../../test/fixtures/stage.ts'
import { proves } from '../../test/guide/proves.ts'
import { guard } from '../core/guard.ts'

const faulty = guard({
  id: 'faulty',
  title: 'breaks',
  threats: [],
  reads: ['tool.call'],
  options: {},
  inspect: () => {
    throw new Error('a bug')
  },
})
const marking = guard({
  id: 'marking',
  title: 'labels answers',
  threats: [],
  reads: ['tool.result'],
  options: {},
  inspect: ({ root }) => [
    { rule: 'marking/x', severity: 'info', confidence: 'certain', at: root, facts: {}, labels: ['untrusted'] },
  ],
})

test('a guard that throws is a finding, and policy sees it', async () => {
  const { say, rulings } = stage({
    servers: { s: echoServer('t') },
    guards: [faulty],
    verdict: (_, rules) => ({ kind: rules.includes('guard/failed') ? 'block' : 'allow' }),
  })
  await say('tools/call', { name: 't' })
  assert.ok(rulings.some(({ kind, decision }) => kind === 'refuse' && decision.findings[0]?.rule === 'guard/failed'))
})

test('what an answer carries is known of the session at the next call', proves('S2.order'), async () => {
  const { say } = stage({
    servers: { s: echoServer('t') },
    guards: [marking],
    verdict: ({ body }, _, labels) => ({
      kind: body.kind === 'tool.call' && labels.includes('untrusted') ? 'block' : 'allow',
    }),
  })
  assert.doesNotMatch(JSON.stringify((await say('tools/call', { name: 't' })).answer), /isError/u)
  assert.match(JSON.stringify((await say('tools/call', { name: 't' })).answer), /"isError":true/u)
})

test('a rewrite changes what travels on, and nothing else', async () => {
  const { say } = stage({
    servers: { s: echoServer('t') },
    verdict: ({ body }) =>
      body.kind === 'tool.result'
        ? { kind: 'rewrite', edits: [{ at: '/result/content/0/text', from: 0, to: 1, put: '[cut]' }] }
        : { kind: 'allow' },
  })
  const { answer } = await say('tools/call', { name: 't', arguments: {} }, { id: 3 })
  assert.deepEqual(answer, { kind: 'result', id: 3, result: { content: [{ type: 'text', text: '[cut] {}' }] } })
})

test('an approver that fails is a no', async () => {
  const approval = { ask: () => Promise.reject(new Error('the console is down')) }
  const { say } = stage({
    servers: { s: echoServer('t') },
    approval,
    verdict: ({ body }) => (body.kind === 'tool.call' ? { kind: 'ask', edits: [] } : { kind: 'allow' }),
  })
  assert.match(JSON.stringify((await say('tools/call', { name: 't' })).answer), /needs a person/u)
})

test('a yes lets exactly the call through that was asked about', async () => {
  const asked: string[] = []
  const approval = {
    ask: async ({ message }: { message: { body: object } }) => {
      asked.push(JSON.stringify(message.body))
      return { kind: 'yes', by: 'ann' } as const
    },
  }
  const { say } = stage({
    servers: { s: echoServer('t') },
    approval,
    verdict: ({ body }) => (body.kind === 'tool.call' ? { kind: 'ask', edits: [] } : { kind: 'allow' }),
  })
  assert.match(JSON.stringify((await say('tools/call', { name: 't', arguments: { to: 'bob' } })).answer), /bob/u)
  assert.deepEqual(asked, ['{"kind":"tool.call","tool":"t","args":{"to":"bob"}}'])
})

const holding = guard({
  id: 'holding',
  title: 'finds data',
  threats: [],
  reads: ['tool.result'],
  options: {},
  inspect: () => [
    {
      ...found,
      labels: ['secret'],
      isGoneWithFix: true,
      fix: [{ at: '/result/content/0/text', from: 0, to: 1, put: '' }],
    },
  ],
})
const found = { rule: 'holding/x', severity: 'high', confidence: 'certain', at: '', facts: {} } as const

test('what was cut out of an answer labels nothing, and what was left in does', async () => {
  for (const isCut of [true, false]) {
    let labels: readonly string[] = []
    const { say } = stage({
      servers: { s: echoServer('t') },
      guards: [holding],
      verdict: ({ body }, _, known) => {
        labels = known
        const edits = [{ at: '/result/content/0/text', from: 0, to: 1, put: '' }]
        return isCut && body.kind === 'tool.result' ? { kind: 'rewrite', edits } : { kind: 'allow' }
      },
    })
    await say('tools/call', { name: 't' })
    await say('tools/call', { name: 't' })
    assert.deepEqual(labels, isCut ? [] : ['secret'])
  }
})
