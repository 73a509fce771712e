import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { classTextOf, pathsNamedBy } from './classified-text.ts'

const nothing = {
  tools: [],
  paths: [],
  pointers: [],
  words: [],
  pattern: '',
  label: 'sensitive',
  answers: 'note',
} as const

function found(text: string, one: Partial<Parameters<typeof classTextOf>[0]>): string[] {
  return classTextOf({ ...nothing, ...one })
    .find(text)
    .map(({ from, to }) => text.slice(from, to))
}

test('words are found whole, in any case and script', () => {
  assert.deepEqual(found('PROJECT FALCON and projects falconry', { words: ['Project Falcon'] }), ['PROJECT FALCON'])
  assert.deepEqual(found('дело Сокол, соколом', { words: ['Сокол'] }), ['Сокол'])
})

test('a pattern that would take exponential time elsewhere is linear here', () => {
  const start = cpuMs()
  assert.deepEqual(found(`${'a'.repeat(50_000)}!`, { pattern: '(a+)+$' }), [])
  assert.ok(cpuMs() - start < 2000)
})

test('a pattern that cannot be read is an error, not an open door', () => {
  assert.throws(() => classTextOf({ ...nothing, pattern: '(' }))
})

test('pointers fit members by stars', () => {
  const { isMember } = classTextOf({ ...nothing, pointers: ['/structuredContent/*/salary'] })
  assert.equal(isMember('/structuredContent/0/salary'), true)
  assert.equal(isMember('/structuredContent/0/name'), false)
})

test('paths are taken from any depth of arguments, texts are not', () => {
  assert.deepEqual(pathsNamedBy({ a: { paths: ['/x', 'a\nb'] }, n: 1 }), ['/x'])
})
