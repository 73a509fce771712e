import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import { allowlist } from '../guards/allowlist.ts'
import { schema } from '../guards/schema.ts'

test('tools are asked for once, however many calls come side by side', async () => {
  let lists = 0
  const server: Server = {
    async answer(asked, room) {
      if (asked.method === 'tools/list') lists++
      await new Promise(resolve => setTimeout(resolve, 5))
      return echoServer('t').answer(asked, room)
    },
  }
  const { say } = stage({ servers: { s: server } })
  await Promise.all([1, 2, 3].map(() => say('tools/call', { name: 't' })))
  assert.equal(lists, 1)
})

test('a server that cannot start is unavailable, and nothing is said of its tools', async () => {
  const server: Server = {
    answer(_, { crash }) {
      crash()
      return new Promise(() => {})
    },
  }
  const { answer } = await stage({ servers: { s: server } }).say('tools/call', { name: 't' })
  assert.match(JSON.stringify(answer), /s is not available/u)
  assert.doesNotMatch(JSON.stringify(answer), /other servers/u, 'there are none')
})

test('names of a single server are untouched', async () => {
  const { answer } = await stage({ servers: { s: echoServer('read_file') } }).say('tools/list')
  assert.match(JSON.stringify(answer), /"name":"read_file"/u)
})

test('a role that sees fewer tools takes none from another principal', async () => {
  const { say } = stage({
    servers: { s: echoServer('read', 'write') },
    guards: [
      { ...allowlist, inspect: (message, view) => allowlist.inspect(message, { ...view, options: { roles: {} } }) },
    ],
    verdict: ({ principal, body }, rules) => {
      if (rules.includes('allowlist/never-listed')) return { kind: 'block' }
      return principal === 'guest' && body.kind === 'server.surface'
        ? { kind: 'rewrite', edits: [{ at: '/result/tools/1', remove: true }] }
        : { kind: 'allow' }
    },
  })
  await say('tools/list')
  await say('tools/list', {}, { principal: 'guest', connection: 'two' })
  assert.equal((await say('tools/call', { name: 'write', arguments: {} })).answer?.kind, 'result')
  assert.match(JSON.stringify((await say('tools/call', { name: 'made-up' })).answer), /error/iu)
})

test('a call is judged by the schema that its own principal was shown', async () => {
  const schemas: Record<string, string> = { ann: 'number', bob: 'string' }
  const toolsFor = (who: unknown) => [
    { name: 't', inputSchema: { type: 'object', properties: { x: { type: schemas[String(who)] } } } },
  ]
  // The server tells its users apart; here by a word in the request, over HTTP by their token.
  const server: Server = {
    answer(asked, room) {
      return asked.method === 'tools/list' ? { tools: toolsFor(asked.params['who']) } : echoServer().answer(asked, room)
    },
  }
  const { say, rulings } = stage({ servers: { s: server }, guards: [schema] })
  await say('tools/list', { who: 'ann' })
  await say('tools/list', { who: 'bob' }, { principal: 'bob', connection: 'two' })
  const call = async (principal: string, connection: string, x: number | string) => {
    await say('tools/call', { name: 't', arguments: { x } }, { principal, connection })
    const judged = rulings.findLast(({ message }) => message.body.kind === 'tool.call')
    return judged?.decision.findings.map(({ rule }) => rule)
  }
  assert.deepEqual(await call('ann', 'one', 1), [])
  assert.notDeepEqual(await call('ann', 'one', 'word'), [])
  assert.deepEqual(await call('bob', 'two', 'word'), [])
  assert.notDeepEqual(await call('bob', 'two', 1), [])
})
