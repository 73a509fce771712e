import assert from 'node:assert/strict'
import test from 'node:test'
import type { JsonObject } from '../core/json.ts'
import type { PinPart } from '../core/pin.ts'
import { arrive, settle } from './first-look.ts'
import { judgeItem, noPins, see } from './pin.ts'
import type { ServerPins } from './pin-record.ts'
import { hashOf } from './surface-hash.ts'
import type { SurfaceItem } from './surface-item.ts'

const itemOf = (name: string, text: string, part: PinPart = 'tools'): SurfaceItem => {
  const item: JsonObject = { name, description: text }
  return { part, name, index: 0, item, hash: hashOf(item), effects: ['read'] }
}
const seen = (pins: ServerPins, item: SurfaceItem, isLast = true) =>
  see(pins, { part: item.part, isLast, absent: [], sightings: [{ item, found: [] }], trust: 'scan', atMs: 1 })
const standing = (pins: ServerPins, item: SurfaceItem) => {
  const judged = judgeItem(pins, item, 'scan')
  return judged.kind === 'astray' ? judged.standing : judged.kind
}

test('the first use of a tool ends every first look that began, that of a prompt only its own', () => {
  const both = seen(seen(noPins, itemOf('a', 'one'), false), itemOf('p', 'x', 'prompts'), false)
  assert.deepEqual(settle(both, 'tools').settled, ['tools', 'prompts'])
  assert.deepEqual(settle(both, 'prompts').settled, ['prompts'])
  assert.equal(settle(noPins, 'tools'), noPins)
})

test('another version behind the same identity is compared with what was approved, and gets no first look of its own', () => {
  const [a, late] = [itemOf('a', 'one'), itemOf('p', 'prompt', 'prompts')]
  const first = seen(arrive(noPins, { is: '1', atMs: 1 }), a)
  assert.equal(standing(first, late), 'free')
  assert.equal(arrive(first, { is: '1', atMs: 2 }), first)
  assert.equal(arrive(first, { is: undefined, atMs: 2 }), first)
  const next = arrive(first, { is: '2', atMs: 3 })
  assert.deepEqual(next.artefact, { is: '2', was: '1', sinceMs: 3 })
  assert.equal(standing(next, a), 'approved')
  assert.deepEqual([standing(next, late), standing(next, itemOf('a', 'two'))], ['new', 'changed'])
  // Before anything was approved there is nothing to hold another version to.
  assert.equal(standing(arrive(arrive(noPins, { is: '1', atMs: 1 }), { is: '2', atMs: 2 }), a), 'free')
})
