import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import type { Guard } from '../core/guard.ts'
import type { Json } from '../core/json.ts'
import { schema } from '../guards/schema.ts'

const outputSchema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] }

/** A server whose `slow` starts a task, and whose tasks end with what `ends` says. */
function tasked(ends: Json, id = 'task-1'): Server {
  return {
    answer(asked, room) {
      switch (asked.method) {
        case 'tools/list':
          return { tools: [{ name: 'slow', inputSchema: { type: 'object' }, outputSchema }] }
        case 'tools/call':
          return { task: { taskId: id, status: 'working' } }
        case 'tasks/get':
          return { taskId: id, status: 'working' }
        case 'tasks/result':
          return ends
        case 'tasks/cancel':
          return { taskId: id, status: 'cancelled' }
        default:
          return echoServer().answer(asked, room)
      }
    },
  }
}
const good = { content: [{ type: 'text', text: '{"n":1}' }], structuredContent: { n: 1 } }
const bob = { principal: 'bob', connection: 'two' }

test('what a task ends with is judged as the answer of the tool that it was started with', async () => {
  const { say, rulings } = stage({
    servers: { s: tasked({ ...good, structuredContent: { n: 'x' } }) },
    guards: [schema],
  })
  await say('tools/call', { name: 'slow', arguments: { path: '/a' } })
  await say('tasks/result', { taskId: 'task-1' })
  const [asked, ended] = rulings.slice(-2)
  assert.deepEqual(asked?.message.body, {
    ...{ kind: 'other', method: 'tasks/result', phase: 'request', value: { taskId: 'task-1' } },
    call: { tool: 'slow', args: { path: '/a' } },
  })
  const body = ended?.message.body
  assert.ok(body?.kind === 'tool.result')
  assert.deepEqual([body.tool, body.args], ['slow', { path: '/a' }])
  assert.deepEqual(
    ended?.decision.findings.map(({ rule }) => rule),
    ['schema/result'],
  )
})

test('a task that goes on is no broken answer, and an error of it names its tool', async () => {
  const failing: Server = {
    answer(asked, room) {
      if (asked.method === 'tasks/result') throw { code: -32603, message: 'it failed' }
      return tasked(good).answer(asked, room)
    },
  }
  const { say, rulings } = stage({ servers: { s: failing }, guards: [schema] })
  await say('tools/call', { name: 'slow' })
  await say('tasks/get', { taskId: 'task-1' })
  assert.deepEqual(rulings.at(-1)?.decision.findings, [])
  await say('tasks/result', { taskId: 'task-1' })
  const body = rulings.at(-1)?.message.body
  assert.equal(body?.kind === 'error' && body.tool, 'slow')
})

// The policy's invariant stops what is foreign; on this stage a finding stands for it.
const foreign: Guard = {
  ...schema,
  id: 'foreign',
  reads: ['other'],
  inspect(_, { scene }) {
    if (scene.isForeignTask !== true) return { findings: [], memory: null }
    const finding = { rule: 'foreign', severity: 'high', confidence: 'certain', at: '', facts: {} } as const
    return { findings: [finding], memory: null }
  },
}

for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel', 'tasks/update'])
  test(`${method} of another principal's task does not reach a server that both share`, async () => {
    const heard: string[] = []
    const server: Server = {
      answer(asked, room) {
        heard.push(asked.method)
        return tasked(good).answer(asked, room)
      },
    }
    const { say } = stage({
      servers: { s: server },
      kind: 'http',
      guards: [foreign],
      verdict: (_, rules) => (rules.includes('foreign') ? { kind: 'block' } : { kind: 'allow' }),
    })
    await say('tools/call', { name: 'slow' })
    assert.equal((await say(method, { taskId: 'task-1' }, bob)).answer?.kind, 'error')
    assert.ok(!heard.includes(method))
    await say(method, { taskId: 'task-1' })
    assert.ok(heard.includes(method))
  })

test('a task named in a spelling that only a lenient server understands does not reach it', async () => {
  const heard: string[] = []
  const server: Server = {
    answer(asked, room) {
      heard.push(asked.method)
      return tasked(good, '7').answer(asked, room)
    },
  }
  const { say } = stage({
    servers: { s: server },
    kind: 'http',
    guards: [foreign],
    verdict: (_, rules) => (rules.includes('foreign') ? { kind: 'block' } : { kind: 'allow' }),
  })
  await say('tools/call', { name: 'slow' })
  for (const taskId of [7, ['7'], { id: '7' }, null, true])
    for (const method of ['tasks/get', 'tasks/result', 'tasks/cancel'])
      assert.equal((await say(method, { taskId }, bob)).answer?.kind, 'error', JSON.stringify(taskId))
  assert.ok(!heard.some(method => method.startsWith('tasks/')), heard.join())
})

test('where every principal has processes of its own, the same id names tasks of each', async () => {
  const { say, rulings } = stage({ servers: { s: tasked(good) } })
  await say('tools/call', { name: 'slow', arguments: { of: 'ann' } })
  await say('tools/call', { name: 'slow', arguments: { of: 'bob' } }, bob)
  await say('tasks/result', { taskId: 'task-1' }, bob)
  const body = rulings.at(-1)?.message.body
  assert.deepEqual(body?.kind === 'tool.result' && body.args, { of: 'bob' })
})

test('a task is known after a restart, and on the endpoint of several servers it finds its server again', async () => {
  const kept = new Map<string, Json>()
  const keptTasks = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: Json) => void kept.set(key, value),
  }
  const servers = { s: tasked(good), r: echoServer('t') }
  await stage({ servers, keptTasks }).say('tools/call', { name: 's__slow', arguments: { secret: 'hunter2' } })
  assert.doesNotMatch(JSON.stringify([...kept]), /hunter2/u)
  const { say, rulings } = stage({ servers, keptTasks })
  assert.equal((await say('tasks/result', { taskId: 'task-1' })).answer?.kind, 'result')
  const body = rulings.at(-1)?.message.body
  assert.equal(body?.kind === 'tool.result' && body.tool, 'slow')
  assert.match(JSON.stringify((await say('tasks/result', { taskId: 'task-1' }, bob)).answer), /cannot be told apart/u)
})

test('a list of tasks shows a principal its own, where a server keeps those of all', async () => {
  const listed = (asked: { method: string }) => ({
    tasks: [
      ...[{ taskId: 'ann-1', n: 1 }, { taskId: 'bob-1' }, { taskId: 'nobody-saw-it-begin' }],
      ...[{ taskId: ['ann-1'] }, { id: 'ann-1' }, 'ann-1', null],
    ],
    asked: asked.method,
    nextCursor: 'more',
  })
  const server: Server = {
    answer(asked, room) {
      if (asked.method === 'tasks/list') return listed(asked)
      const of = String((asked.params['arguments'] as { of?: string } | undefined)?.of)
      return tasked(good, `${of}-1`).answer(asked, room)
    },
  }
  const { say } = stage({ servers: { s: server }, kind: 'http' })
  await say('tools/call', { name: 'slow', arguments: { of: 'ann' } })
  await say('tools/call', { name: 'slow', arguments: { of: 'bob' } }, bob)
  const seenBy = async (how: Partial<typeof bob>) => {
    const { answer } = await say('tasks/list', {}, how)
    return answer?.kind === 'result' ? answer.result : undefined
  }
  const rest = { asked: 'tasks/list', nextCursor: 'more' }
  assert.deepEqual(await seenBy({}), { ...rest, tasks: [{ taskId: 'ann-1', n: 1 }] })
  assert.deepEqual(await seenBy(bob), { ...rest, tasks: [{ taskId: 'bob-1' }] })
  assert.deepEqual(await seenBy({ principal: 'eve', connection: 'three' }), { ...rest, tasks: [] })
})

test('a list of tasks that is none is shown as empty, and a list of one’s own goes through untouched', async () => {
  let tasks: Json = { 0: { taskId: 'task-1' } }
  const server: Server = {
    answer: (asked, room) => (asked.method === 'tasks/list' ? { tasks } : tasked(good).answer(asked, room)),
  }
  const { say } = stage({ servers: { s: server }, kind: 'http' })
  await say('tools/call', { name: 'slow' })
  const shown = async () => {
    const { answer } = await say('tasks/list')
    return answer?.kind === 'result' ? answer.result : undefined
  }
  assert.deepEqual(await shown(), { tasks: [] })
  tasks = [{ taskId: 'task-1', status: 'working' }]
  assert.deepEqual(await shown(), { tasks })
})
