import assert from 'node:assert/strict'
import { PassThrough, Writable } from 'node:stream'
import test from 'node:test'
import { lineWriter } from './line-writer.ts'

const bytes = (text: string) => Buffer.from(text)

test('lines come out in order, those of one turn in one write', async () => {
  const writes: string[] = []
  const stream = new Writable({
    write(chunk, _, next) {
      writes.push(String(chunk))
      next()
    },
  })
  const writer = lineWriter(stream)
  void writer.write(bytes('one'))
  void writer.write(bytes('two'))
  await new Promise(setImmediate)
  await writer.write(bytes('three'))
  await new Promise(setImmediate)
  assert.deepEqual(writes, ['one\ntwo\n', 'three\n'])
})

test('a long line is not copied and still ends with a line feed', async () => {
  const stream = new PassThrough({ highWaterMark: 1 << 20 })
  const writer = lineWriter(stream)
  const long = Buffer.alloc(100_000, 120)
  await writer.write(long)
  writer.end()
  const read = Buffer.concat(await stream.toArray())
  assert.equal(read.length, 100_001)
  assert.equal(read.at(-1), 10)
})

test('a writer whose reader is slow makes its callers wait, and lets all of them go on', async () => {
  const stream = new PassThrough({ highWaterMark: 100 })
  const writer = lineWriter(stream)
  let isDone = false
  const all = Promise.all([writer.write(Buffer.alloc(400)), writer.write(Buffer.alloc(400))]).then(() => {
    isDone = true
  })
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(isDone, false)
  assert.ok(writer.heldBytes() > 600)
  stream.resume()
  await all
  assert.equal(writer.heldBytes(), 0)
})

test('a stream that is destroyed leaves nobody waiting', async () => {
  const stream = new PassThrough({ highWaterMark: 10 })
  stream.on('error', () => {})
  const writer = lineWriter(stream)
  const waiting = writer.write(Buffer.alloc(100))
  await new Promise(setImmediate)
  stream.destroy()
  await waiting
  await writer.write(Buffer.alloc(100))
})
