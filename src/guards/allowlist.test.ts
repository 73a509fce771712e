import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { messageOf, play, sceneOf, toolOf } from '../../test/situation.ts'
import { applyEdits } from '../core/edit.ts'
import { allowlist } from './allowlist.ts'

const list = (...names: string[]) =>
  messageOf({ kind: 'server.surface', part: 'tools', items: names.map(name => ({ name })) })
const call = (tool: string) => messageOf({ kind: 'tool.call', tool, args: {} })
const roles = {
  guest: { allow: ['files/read_*'], deny: [] },
  owner: { allow: ['*'], deny: ['*delete*'] },
}

test('a role sees and calls its own tools only, at the list and at the call', proves('C5.roles'), () => {
  const judge = play(allowlist, { options: { roles } })
  const message = list('read_file', 'write_file', 'delete_file')
  const seen = (role: string) => {
    const fix = judge(message, { role }).flatMap(finding => finding.fix ?? [])
    const after = applyEdits({ result: message.payload }, fix) as { result: { tools: { name: string }[] } }
    return after.result.tools.map(({ name }) => name)
  }
  assert.deepEqual(seen('guest'), ['read_file'])
  assert.deepEqual(seen('owner'), ['read_file', 'write_file'])
  assert.deepEqual(seen('stranger'), [])
  const tool = toolOf({ name: 'write_file' })
  const atCall = play(allowlist, { options: { roles }, scene: sceneOf({ tool }) })
  assert.deepEqual(atCall(call('write_file'), { role: 'owner' }), [])
  assert.deepEqual(
    atCall(call('write_file'), { role: 'guest' }).map(({ rule, facts }) => [rule, facts]),
    [['allowlist/denied', { tool: 'write_file', role: 'guest', by: 'role' }]],
  )
})

test('single tools are switched on and off per server', proves('P.tools'), () => {
  const tool = toolOf({ name: 'write_file' })
  const judge = (server: { allow?: string[]; deny?: string[] }) =>
    play(allowlist, { scene: sceneOf({ tool, server: { writers: 'unknown', ...server } }) })(call('write_file')).length
  assert.deepEqual(
    [judge({}), judge({ allow: ['write_file'] }), judge({ allow: ['read_*'] }), judge({ deny: ['write_file'] })],
    [0, 0, 1, 1],
  )
})

test('one finding tells of all hidden tools, so that a long list gives no long record', () => {
  const names = Array.from({ length: 500 }, (_, i) => `t${i}`)
  const scene = sceneOf({ server: { writers: 'unknown', allow: [] } })
  const found = play(allowlist, { scene })(list(...names))
  assert.deepEqual([found.length, found[0]?.facts['tools'], found[0]?.fix?.length], [1, 500, 500])
})
