import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import test from 'node:test'
import type { WireOddity } from './link.ts'
import { reportStderr, sampleOf } from './stderr.ts'

test('error output is told line by line, so many in ten seconds, and the rest is counted', async () => {
  const told: WireOddity[] = []
  let clock = 0
  const stream = new PassThrough()
  reportStderr(
    stream,
    what => told.push(what),
    () => clock,
  )
  for (let i = 0; i < 100; i++) stream.write(`line ${i}\n`)
  await new Promise(setImmediate)
  assert.equal(told.length, 20)
  clock = 10_001
  stream.end('later\n')
  await new Promise(setImmediate)
  assert.equal(told.length, 21)
  assert.match(told.at(-1)?.detail ?? '', /after 80 lines/u)
})

test('a line without end takes no memory and gives one sample of 200 bytes', async () => {
  const told: WireOddity[] = []
  const stream = new PassThrough()
  reportStderr(stream, what => told.push(what))
  for (let i = 0; i < 200; i++) stream.write('x'.repeat(1000))
  stream.end()
  await new Promise(setImmediate)
  assert.equal(told.length, 1)
  assert.equal(told[0]?.sample.length, 200)
  assert.equal(sampleOf(Buffer.alloc(500, 65)).length, 200)
})
