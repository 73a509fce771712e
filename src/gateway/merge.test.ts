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

test('of two servers with the same template each can be read and completed, and a wider claim is still nobody’s', async () => {
  const list = (...templates: string[]) => ({
    resourceTemplates: templates.map(uriTemplate => ({ uriTemplate, name: 't' })),
  })
  const one = lists({ 'resources/templates/list': list('log://{day}', 'log://{day}') })
  const complete = { completion: { values: ['mon'] } }
  const two = lists({ 'resources/templates/list': list('log://{day}', 'all://{+x}'), 'completion/complete': complete })
  const three = lists({ 'resources/templates/list': list('all://b/{x}') })
  const { say } = stage({ servers: { a: one, b: two, c: three } })
  const { answer } = await say('resources/templates/list')
  const uris = [...JSON.stringify(answer).matchAll(/"uriTemplate":"([^"]+)"/gu)].map(([, uri]) => uri)
  assert.deepEqual(uris, ['log://{day}', 'log://{day}', 'b+log://{day}', 'all://{+x}', 'all://b/{x}'])
  const read = async (uri: string) => JSON.stringify((await say('resources/read', { uri })).answer)
  assert.match(await read('log://mon'), /here/u)
  assert.match(await read('b+log://mon'), /"uri":"log:\/\/mon","text":"here"/u)
  assert.match(await read('all://b/1'), /no server, or more than one/u)
  const ref = { type: 'ref/resource', uri: 'b+log://{day}' }
  const completed = await say('completion/complete', { ref, argument: { name: 'day', value: 'm' } })
  assert.match(JSON.stringify(completed.answer), /mon/u)
})

test('in the modern era a merged list says how long it holds: not at all, because policy may change', async () => {
  const { answer } = await stage({
    servers: { a: lists({ 'prompts/list': { prompts: [{ name: 'p' }] } }), b: lists({}) },
  }).say('prompts/list', {}, { era: 'modern' })
  const result = answer?.kind === 'result' && isObject(answer.result) ? answer.result : {}
  assert.deepEqual(result, { prompts: [{ name: 'a__p' }], resultType: 'complete', ttlMs: 0, cacheScope: 'private' })
})
