import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, play } from '../../test/situation.ts'
import type { ServerName } from '../core/brand.ts'
import type { Json } from '../core/json.ts'
import { requestState } from './request-state.ts'

const given = (state: Json, args: Json, tool = 'pay') =>
  messageOf({ kind: 'tool.result', tool, args, result: { resultType: 'input_required', requestState: state } })

const back = (state: Json, args: Json, rest: { tool?: string; server?: string } = {}) => {
  const { tool = 'pay', server = 'files' } = rest
  const payload = { name: tool, arguments: args, requestState: state, inputResponses: {} }
  return messageOf({ kind: 'tool.call', tool, args }, { payload, server: server as ServerName })
}

test('the state of a call comes back with the same call, whatever the order of its arguments', () => {
  const session = play(requestState)
  session(given('s-1', { to: 'ann', sum: 1 }))
  assert.deepEqual(session(back('s-1', { sum: 1, to: 'ann' })), [])
  assert.deepEqual(session(back('s-1', { sum: 1, to: 'ann' })), [], 'a retry is no attack')
})

test('a changed state, and the state of another session, are unknown', () => {
  const session = play(requestState)
  session(given('s-1', {}))
  assert.equal(session(back('s-2', {}))[0]?.rule, 'request-state/unknown')
  assert.equal(play(requestState)(back('s-1', {}))[0]?.rule, 'request-state/unknown')
})

test('a state is good for one server, one tool and one set of arguments', () => {
  const session = play(requestState)
  session(given('s-1', { to: 'ann' }))
  for (const other of [
    back('s-1', { to: 'eve' }),
    back('s-1', { to: 'ann' }, { tool: 'refund' }),
    back('s-1', { to: 'ann' }, { server: 'mail' }),
  ])
    assert.deepEqual(
      session(other).map(({ rule, severity, confidence, at }) => [rule, severity, confidence, at]),
      [['request-state/other-call', 'high', 'certain', '/params/requestState']],
    )
})

test('values that differ only in their type are different states', () => {
  const session = play(requestState)
  session(given('1', {}))
  session(given({ a: [['b', 1]] }, {}))
  assert.equal(session(back(1, {}))[0]?.rule, 'request-state/unknown')
  assert.equal(session(back(null, {}))[0]?.rule, 'request-state/unknown')
  assert.equal(session(back([['a', [['b', 1]]]], {}))[0]?.rule, 'request-state/unknown')
})

test('prompts and resources have states of their own', () => {
  const session = play(requestState)
  session(messageOf({ kind: 'resource.content', uri: 'a:b', result: { requestState: 's-1' } }))
  session(messageOf({ kind: 'prompt.result', prompt: 'p', result: { requestState: 's-2' } }))
  const read = (uri: string) =>
    session(messageOf({ kind: 'resource.read', uri }, { payload: { uri, requestState: 's-1' } }))
  const get = (state: string) =>
    session(messageOf({ kind: 'prompt.get', prompt: 'p', args: {} }, { payload: { name: 'p', requestState: state } }))
  assert.deepEqual(read('a:b'), [])
  assert.equal(read('a:c')[0]?.rule, 'request-state/other-call')
  assert.deepEqual(get('s-2'), [])
  assert.equal(get('s-1')[0]?.rule, 'request-state/other-call')
})

test('the oldest of too many states is forgotten, and refused when it comes back', () => {
  const session = play(requestState, { options: { statesMax: 2 } })
  for (const state of ['s-1', 's-2', 's-3']) session(given(state, {}))
  assert.equal(session(back('s-1', {}))[0]?.rule, 'request-state/unknown')
  assert.deepEqual(session(back('s-2', {})), [])
})
