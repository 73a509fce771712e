import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { anyGlobOf, globOf } from './glob.ts'

test('a star stands for any run of characters, also none and also slashes', () => {
  assert.ok(globOf('read_*')('read_file'))
  assert.ok(globOf('*send*')('mail.send_now'))
  assert.ok(globOf('*')(''))
  assert.ok(globOf('a*b*c')('abc'))
  assert.ok(globOf('file://*/.env')('file:///home/me/.env'))
})

test('nothing but the star is special, and the whole name must fit', () => {
  assert.ok(!globOf('a.c')('abc'))
  assert.ok(!globOf('read')('read_file'))
  assert.ok(!globOf('a?c')('abc'))
  assert.ok(globOf('[x]')('[x]'))
})

test('head and tail of a pattern never share characters of the name', () => {
  assert.ok(!globOf('aba*ba')('aba'))
  assert.ok(!globOf('a*a')('a'))
  assert.ok(!globOf('ab*bc*cd')('abcd'))
})

test('a pattern fits exactly what an obvious slow matcher fits', () => {
  const letters = (extra: string) => fc.string({ unit: fc.constantFrom(...`ab${extra}`), maxLength: 9 })
  fc.assert(
    fc.property(letters('*'), letters(''), (pattern, name) => {
      assert.equal(globOf(pattern)(name), slow(pattern, name))
    }),
    { numRuns: 2000 },
  )
})

test('any of several patterns is enough, and none fits nothing', () => {
  const fits = anyGlobOf(['ping', 'tools/*'])
  assert.ok(fits('ping') && fits('tools/list') && !fits('pin'))
  assert.ok(!anyGlobOf([])('x'))
})

test('a hostile pattern on a long name stays fast', () => {
  const began = cpuMs()
  globOf(`${'a*'.repeat(120)}b`)('a'.repeat(200_000))
  assert.ok(cpuMs() - began < 1000)
})

function slow(pattern: string, name: string): boolean {
  if (pattern === '') return name === ''
  if (pattern[0] !== '*') return pattern[0] === name[0] && slow(pattern.slice(1), name.slice(1))
  for (let i = 0; i <= name.length; i++) if (slow(pattern.slice(1), name.slice(i))) return true
  return false
}
