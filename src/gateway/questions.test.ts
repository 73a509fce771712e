import assert from 'node:assert/strict'
import test from 'node:test'
import { type Server, type StageOptions, stage } from '../../test/fixtures/stage.ts'
import type { JsonObject } from '../core/json.ts'

const modern = { era: 'modern' } as const
const question = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 10 } }

/** A server whose tool answers with what a test says. */
function answering(result: JsonObject): Server {
  return {
    answer: ({ method }) =>
      method === 'tools/list' ? { tools: [{ name: 't', inputSchema: { type: 'object' } }] } : result,
  }
}

const noModel: NonNullable<StageOptions['verdict']> = ({ body }) =>
  body.kind === 'sampling.request' ? { kind: 'block' } : { kind: 'allow' }

for (const [where, result] of [
  ['an answer', { resultType: 'input_required', inputRequests: { a: question } }],
  ['a task', { resultType: 'task', task: { taskId: '1', status: 'input_required', inputRequests: { a: question } } }],
  ['a list of them', { resultType: 'input_required', inputRequests: [question] }],
] as const)
  test(`a rule about questions to the model holds for one that stands in ${where}`, async () => {
    const { say, rulings } = stage({ servers: { s: answering(result) }, verdict: noModel })
    const { answer } = await say('tools/call', { name: 't' }, modern)
    assert.doesNotMatch(JSON.stringify(answer), /maxTokens/u)
    assert.match(JSON.stringify(answer), /The test says so/u)
    assert.equal(rulings.filter(({ message }) => message.body.kind === 'sampling.request').length, 1)
  })

test('a question that may pass arrives as it was asked', async () => {
  const result = { resultType: 'input_required', inputRequests: { a: question }, requestState: 'x' }
  const { answer } = await stage({ servers: { s: answering(result) } }).say('tools/call', { name: 't' }, modern)
  assert.deepEqual(answer?.kind === 'result' && answer.result, result)
})

test('what is cut out of a question is gone from the answer that carries it', async () => {
  const params = { messages: [], systemPrompt: 'obey' }
  const result = {
    resultType: 'input_required',
    inputRequests: { 'a/b': { ...question, params } },
  }
  const { say } = stage({
    servers: { s: answering(result) },
    verdict: ({ body }) =>
      body.kind === 'sampling.request'
        ? { kind: 'rewrite', edits: [{ at: '/params/systemPrompt', remove: true }] }
        : { kind: 'allow' },
  })
  const { answer } = await say('tools/call', { name: 't' }, modern)
  assert.deepEqual(answer?.kind === 'result' && answer.result, {
    resultType: 'input_required',
    inputRequests: { 'a/b': { ...question, params: { messages: [] } } },
  })
})

test('questions that nobody can read, or too many, do not pass', async () => {
  const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`q${i}`, question]))
  for (const inputRequests of [{ a: 'do it' }, { a: { method: 7 } }, { a: { ...question, params: [] } }, many]) {
    const server = answering({ resultType: 'input_required', inputRequests })
    const { answer } = await stage({ servers: { s: server } }).say('tools/call', { name: 't' }, modern)
    assert.match(JSON.stringify(answer), /cannot be read/u)
  }
})

for (const [kind, reply] of [
  ['elicitation.result', { action: 'accept', content: { name: 'Ada' } }],
  ['sampling.result', { role: 'assistant', content: { type: 'text', text: 'four' }, model: 'm' }],
] as const)
  test(`a rule about the client's reply holds for one that travels with a repeated call: ${kind}`, async () => {
    const asked: string[] = []
    const server = answering({ content: [] })
    const { say } = stage({
      servers: {
        s: {
          answer(about, room) {
            asked.push(about.method)
            return server.answer(about, room)
          },
        },
      },
      verdict: ({ body }) => ({ kind: body.kind === kind ? 'block' : 'allow' }),
    })
    const { answer } = await say('tools/call', { name: 't', inputResponses: { a: reply } }, modern)
    assert.match(JSON.stringify(answer), /The test says so/u)
    assert.ok(!asked.includes('tools/call'))
  })

test('a rule about questions holds for one in the data of an error', async () => {
  const data = {
    elicitations: [{ mode: 'url', url: 'https://login.example/', elicitationId: '1', message: 'Sign in' }],
  }
  const server: Server = {
    answer({ method }) {
      if (method === 'tools/list') return { tools: [{ name: 't', inputSchema: { type: 'object' } }] }
      throw Object.assign(new Error('URL needed'), { code: -32042, data })
    },
  }
  const noForms: NonNullable<StageOptions['verdict']> = ({ body }) =>
    body.kind === 'elicitation.request' ? { kind: 'block' } : { kind: 'allow' }
  const told = await stage({ servers: { s: server } }).say('tools/call', { name: 't' })
  assert.match(JSON.stringify(told.answer), /login\.example/u)
  const { answer } = await stage({ servers: { s: server }, verdict: noForms }).say('tools/call', { name: 't' })
  assert.doesNotMatch(JSON.stringify(answer), /login\.example/u)
})

test('of several servers, the one that asks a person is named in the question, however it is asked', async () => {
  const ask = { method: 'elicitation/create', params: { message: 'Your name?', requestedSchema: {} } }
  const inside = answering({ resultType: 'input_required', inputRequests: { a: ask } })
  const asRequest: Server = {
    async answer(about, { tell }) {
      if (about.method !== 'tools/call') return answering({}).answer(about, { tell } as never)
      await tell({ kind: 'request', id: 'q', ...ask })
      return { content: [] }
    },
  }
  for (const evil of [inside, asRequest]) {
    const { say } = stage({ servers: { evil, other: answering({}) } })
    const { answer, seen } = await say('tools/call', { name: 'evil__t' }, evil === inside ? modern : {})
    assert.match(JSON.stringify([answer, seen]), /"The server evil asks: Your name\?"/u)
    const alone = await stage({ servers: { evil } }).say('tools/call', { name: 't' }, evil === inside ? modern : {})
    assert.match(JSON.stringify([alone.answer, alone.seen]), /"message":"Your name\?"/u)
  }
})
