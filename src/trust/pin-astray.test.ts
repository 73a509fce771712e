import assert from 'node:assert/strict'
import test from 'node:test'
import type { SessionId } from '../core/brand.ts'
import { noPins } from './pin.ts'
import { newAstray, strayedMax } from './pin-astray.ts'
import type { Pin, ServerPins } from './pin-record.ts'
import type { ItemHash } from './surface-hash.ts'
import type { Sight } from './surface-item.ts'

const [ann, bob] = ['ann' as SessionId, 'bob' as SessionId]
const subject = { server: 's', identity: 's', trust: 'scan' } as never

function seen(...items: readonly (readonly [name: string, hash: string])[]): Sight {
  const part = 'tools' as const
  return {
    part,
    isLast: true,
    absent: [],
    items: items.map(([name, hash], index) => ({
      ...{ part, name, index, effects: [], item: { name } },
      hash: hash as ItemHash,
    })),
  }
}

function approved(hash: string, rejected: readonly string[] = []): Pin {
  const approval = { hash: hash as ItemHash, atMs: 0, effects: [], by: 'ann' }
  return { approved: approval, rejected: rejected.map(one => one as ItemHash) }
}

const pinsOf = (items: Readonly<Record<string, Pin>>): ServerPins => ({
  ...noPins,
  settled: ['tools'],
  items: new Map(Object.entries(items)),
})

test('what one session was shown besides what is approved is held against it until it is shown the truth', () => {
  const astray = newAstray()
  const pins = pinsOf({ 'tools/pay': approved('true') })
  assert.equal(astray.note(ann, { pins, subject, sight: seen(['pay', 'false']) }), false)
  assert.equal(astray.note(bob, { pins, subject, sight: seen(['pay', 'true']) }), true)
  assert.deepEqual([astray.of(ann)?.get('tools/pay'), astray.of(bob)], ['changed', undefined])
  assert.equal(astray.note(ann, { pins, subject, sight: seen(['pay', 'true']) }), true)
  assert.equal(astray.of(ann), undefined)
})

test('of two definitions under one name the wrong one counts', () => {
  const astray = newAstray()
  const pins = pinsOf({ 'tools/pay': approved('true') })
  for (const twice of [seen(['pay', 'false'], ['pay', 'true']), seen(['pay', 'true'], ['pay', 'false'])]) {
    astray.note(ann, { pins, subject, sight: twice })
    assert.equal(astray.of(ann)?.get('tools/pay'), 'changed')
  }
})

test('what a person took back is held against all who saw it', () => {
  const astray = newAstray()
  astray.meet(ann)
  astray.refused(pinsOf({ 'tools/pay': approved('old') }), pinsOf({ 'tools/pay': approved('new', ['old']) }))
  assert.deepEqual([astray.of(ann)?.get('tools/pay'), astray.of(bob)], ['rejected', undefined])
})

test('a server that shows new names without end fills no memory and frees no changed tool', () => {
  const astray = newAstray()
  const pins = pinsOf({ 'tools/pay': approved('true') })
  astray.note(ann, { pins, subject, sight: seen(['pay', 'false']) })
  for (let list = 0; list < 8; list++) {
    const made = Array.from({ length: strayedMax }, (_, n) => [`t${list}-${n}`, 'x'] as const)
    assert.equal(astray.note(ann, { pins, subject, sight: seen(...made) }), false)
  }
  assert.ok((astray.of(ann)?.size ?? 0) <= strayedMax, `${astray.of(ann)?.size} names`)
  assert.equal(astray.of(ann)?.get('tools/pay'), 'changed')
})
