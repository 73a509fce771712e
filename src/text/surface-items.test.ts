import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import { valueAt } from '../core/json.ts'
import type { Message, SurfacePart } from '../core/message.ts'
import { surfaceItems } from './surface-items.ts'

const surface = (part: SurfacePart, items: { name: string }[]) =>
  messageOf({ kind: 'server.surface', part, items }) as Message<'server.surface'>

test('each pointer leads to its item in the message as it came', () => {
  for (const part of ['tools', 'prompts', 'resources', 'templates'] as const) {
    const message = surface(part, [{ name: 'a' }, { name: 'b' }])
    for (const { at, item, isListed } of surfaceItems(message)) {
      assert.equal(valueAt({ result: message.payload }, at), item)
      assert.ok(isListed)
    }
  }
})

test('what a server says of itself stands in no list', () => {
  assert.deepEqual(surfaceItems(surface('server', [{ name: 'x' }])), [
    { at: '/result', item: { name: 'x' }, isListed: false },
  ])
})
