import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import test from 'node:test'
import type { Principal } from '../core/brand.ts'
import { newShares } from './http-shares.ts'

const [ann, bob] = ['ann' as Principal, 'bob' as Principal]
const response = () => new EventEmitter() as ServerResponse

test('what one principal holds is given back as it ends, and takes nothing from another', () => {
  const shares = newShares({ connectionsEach: 2, inFlightEach: 3 })
  const [first, second] = [new Socket(), new Socket()]
  const answers = [response(), response(), response()]
  assert.ok(shares.take(ann, answers[0]!, first))
  assert.ok(shares.take(ann, answers[1]!, second))
  assert.ok(!shares.take(ann, response(), new Socket()), 'a third connection')
  assert.ok(shares.take(bob, response(), new Socket()))
  assert.ok(shares.take(ann, answers[2]!, first), 'another request on one that is counted')
  assert.ok(!shares.take(ann, response(), first), 'a fourth request')
  answers[0]?.emit('close')
  assert.ok(shares.take(ann, response(), first))
  second.emit('close')
  answers[1]?.emit('close')
  assert.ok(shares.take(ann, response(), new Socket()))
})

test('a connection that is gone by then counts for nobody', () => {
  const shares = newShares({ connectionsEach: 1, inFlightEach: 1 })
  assert.ok(shares.take(ann, response(), new Socket().destroy()))
  assert.ok(shares.take(ann, response(), new Socket()))
})

test('a connection that several principals share is counted once', () => {
  const shares = newShares({ connectionsEach: 1, inFlightEach: 9 })
  const shared = new Socket()
  assert.ok(shares.take(ann, response(), shared))
  assert.ok(shares.take(bob, response(), shared))
  assert.ok(shares.take(bob, response(), new Socket()))
  assert.ok(!shares.take(ann, response(), new Socket()))
})
