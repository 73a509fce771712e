import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import { lookAgainMs, looked, mayLookAgain } from './look-again.ts'

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
