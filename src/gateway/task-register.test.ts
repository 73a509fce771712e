import assert from 'node:assert/strict'
import test from 'node:test'
import type { Principal, ServerName } from '../core/brand.ts'
import { newTaskRegister } from './task-register.ts'

const [ann, bob] = ['ann' as Principal, 'bob' as Principal]
const server = 's' as ServerName
const place = { server, id: '1' }
const task = (principal: Principal, tool: string) => ({ principal, tool, args: {} })

test('on a shared server the first call that was told an id has it, whoever is told it again', () => {
  const register = newTaskRegister()
  register.note(place, task(ann, 'a'))
  register.note(place, task(bob, 'b'))
  register.note(place, task(ann, 'c'))
  assert.deepEqual(register.find(place), task(ann, 'a'))
  assert.equal(register.find({ ...place, server: 'r' as ServerName }), undefined)
})

test("in a principal's own processes an id that comes again names a new task", () => {
  const register = newTaskRegister()
  register.note({ ...place, of: ann }, task(ann, 'a'))
  register.note({ ...place, of: ann }, task(ann, 'b'))
  assert.equal(register.find({ ...place, of: ann })?.tool, 'b')
  assert.equal(register.find({ ...place, of: bob }), undefined)
})

test('the oldest tasks go when there are too many, and long arguments are not held', () => {
  const register = newTaskRegister()
  register.note({ server, id: 'long' }, { ...task(ann, 'a'), args: { x: 'y'.repeat(20_000) } })
  assert.deepEqual(register.find({ server, id: 'long' })?.args, {})
  for (let i = 0; i < 10_000; i++) register.note({ server, id: `t${i}` }, task(ann, 'a'))
  assert.equal(register.find({ server, id: 'long' }), undefined)
  assert.equal(register.find({ server, id: 't9999' })?.tool, 'a')
})

test('what was kept and makes no sense is no task', () => {
  for (const value of [null, 7, {}, { principal: 'ann' }, { principal: 1, tool: 'a' }])
    assert.equal(newTaskRegister({ get: () => value, set: () => {} }).find(place), undefined)
})
