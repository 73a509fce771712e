import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import test from 'node:test'
import { readBody } from './http-body.ts'

test('a body comes out in one piece however it was cut', async () => {
  const read = await readBody(Readable.from([Buffer.from('{"a'), Buffer.from('":1}')]), 100)
  assert.ok(read.ok)
  assert.equal(Buffer.from(read.bytes).toString(), '{"a":1}')
})

test('an endless body is refused at the limit and read no further', async () => {
  let produced = 0
  const endless = new Readable({
    read() {
      produced += 1024
      this.push(Buffer.alloc(1024))
    },
  })
  assert.deepEqual(await readBody(endless, 10_000), { ok: false, why: 'too-long' })
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.ok(produced < 200_000, `${produced} bytes were asked for`)
  endless.destroy()
})

test('a body that breaks off or is torn down is no body', async () => {
  const torn = new PassThrough()
  const reading = readBody(torn, 100)
  torn.write('{')
  torn.destroy(new Error('gone'))
  const read = await reading
  assert.deepEqual([read.ok, !read.ok && read.why], [false, 'broken'])
})
