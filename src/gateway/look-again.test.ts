import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import { allowlist } from '../guards/allowlist.ts'
import { lookAgainMs, looked, mayLookAgain, takenBackWaitMs } from './look-again.ts'

test('a list may be looked at again after a while, and another list at once', () => {
  const holder = {}
  assert.ok(mayLookAgain(holder, 'tools/list', 0))
  looked(holder, 'tools/list', 1000)
  assert.ok(!mayLookAgain(holder, 'tools/list', 1000 + lookAgainMs - 1))
  assert.ok(mayLookAgain(holder, 'tools/list', 1000 + lookAgainMs))
  assert.ok(mayLookAgain(holder, 'prompts/list', 1000))
  assert.ok(mayLookAgain({}, 'tools/list', 1000))
})

test('a clock that was set back does not keep a list from being looked at', () => {
  const holder = {}
  looked(holder, 'tools/list', 1_000_000)
  assert.ok(mayLookAgain(holder, 'tools/list', 5))
})

test('a hundred made-up names make one server list once, and each of several once', async () => {
  for (const names of [['s'], ['s', 'r']]) {
    const lists: string[] = []
    const counting: Server = {
      answer(asked, room) {
        if (asked.method.endsWith('/list')) lists.push(asked.method)
        return echoServer('t').answer(asked, room)
      },
    }
    const { say } = stage({ servers: Object.fromEntries(names.map(name => [name, counting])) })
    for (let i = 0; i < 100; i++) await say('tools/call', { name: `made-up-${i}`, arguments: {} })
    assert.equal(lists.length, names.length, String(lists))
    for (let i = 0; i < 100; i++) await say('prompts/get', { name: `made-up-${i}` })
    for (let i = 0; i < 100; i++) await say('resources/read', { uri: `made-up:${i}` })
    assert.ok(lists.length <= names.length * 4, String(lists))
  }
})

test('a few lists that were taken back are fetched at once, then one in its time, and after a rest a few again', () => {
  const holder = {}
  const waits = (nowMs: number, times: number) => Array.from({ length: times }, () => takenBackWaitMs(holder, nowMs))
  assert.deepEqual(waits(0, 5), [0, 0, 0, 0, 0])
  assert.deepEqual(waits(0, 1), [lookAgainMs])
  assert.equal(takenBackWaitMs(holder, 2 * lookAgainMs), 0)
  assert.deepEqual(waits(100 * lookAgainMs, 5), [0, 0, 0, 0, 0])
  assert.ok(takenBackWaitMs({}, -5) === 0 && takenBackWaitMs(holder, 0) > 0, 'a clock that was set back')
})

test('calls pass after a server said that its list changed, however lately it was listed', async () => {
  for (const names of [['s'], ['s', 'r']]) {
    const lists: string[] = []
    const changing: Server = {
      async answer(asked, room) {
        if (asked.method === 'tools/list') lists.push(asked.method)
        if (asked.method === 'tools/call')
          await room.tell({ kind: 'notification', method: 'notifications/tools/list_changed', params: {} })
        return echoServer('t').answer(asked, room)
      },
    }
    const { say, tell } = stage({
      servers: Object.fromEntries(names.map(name => [name, changing])),
      guards: [{ ...allowlist, inspect: (m, view) => allowlist.inspect(m, { ...view, options: { roles: {} } }) }],
      verdict: (_, rules) => ({ kind: rules.includes('allowlist/never-listed') ? 'block' : 'allow' }),
    })
    const name = names.length === 1 ? 't' : 's__t'
    for (let i = 0; i < 4; i++) {
      const { answer } = await say('tools/call', { name, arguments: {} })
      assert.equal(answer?.kind === 'result' && JSON.stringify(answer.result).includes('blocked'), false, `call ${i}`)
      await tell('s', { kind: 'notification', method: 'notifications/tools/list_changed', params: {} })
    }
    assert.ok(lists.length <= 5, `${lists.length} lists`)
  }
})
