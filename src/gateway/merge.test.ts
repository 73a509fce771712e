import assert from 'node:assert/strict'
import test from 'node:test'
import { type Server, stage } from '../../test/fixtures/stage.ts'
import { isObject } from '../core/json.ts'

const lists = (of: Record<string, unknown>): Server => ({
  answer({ method, params }) {
    if (method === 'resources/read') return { contents: [{ uri: String(params['uri']), text: 'here' }] }
    const found = of[method]
    if (found === undefined) throw { code: -32601, message: 'no' }
    return JSON.parse(JSON.stringify(found))
  },
})

test('resources of several servers can be listed and read, also where two use the same URI', async () => {
  const one = lists({ 'resources/list': { resources: [{ uri: 'memo://1', name: 'one' }] } })
  const { say } = stage({ servers: { a: one, b: one } })
  const { answer } = await say('resources/list')
  assert.match(JSON.stringify(answer), /"memo:\/\/1".*"b\+memo:\/\/1"/u)
  const read = await say('resources/read', { uri: 'b+memo://1' })
  assert.match(JSON.stringify(read.answer), /"uri":"memo:\/\/1","text":"here"/u)
})

test('a resource that only a template tells of is read from the server with the template', async () => {
  const templates = lists({
    'resources/templates/list': { resourceTemplates: [{ uriTemplate: 'log://{day}', name: 'log' }] },
  })
  const { say } = stage({ servers: { a: lists({}), b: templates } })
  assert.match(JSON.stringify((await say('resources/read', { uri: 'log://mon' })).answer), /here/u)
})

test('in the modern era a merged list says how long it holds: not at all, because policy may change', async () => {
  const { answer } = await stage({
    servers: { a: lists({ 'prompts/list': { prompts: [{ name: 'p' }] } }), b: lists({}) },
  }).say('prompts/list', {}, { era: 'modern' })
  const result = answer?.kind === 'result' && isObject(answer.result) ? answer.result : {}
  assert.deepEqual(result, { prompts: [{ name: 'a__p' }], resultType: 'complete', ttlMs: 0, cacheScope: 'private' })
})
