import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { Frame } from './envelope.ts'
import { upstreamOf } from './http-link.ts'
import { type Listener, readStream } from './http-stream.ts'
import { LinkError } from './link.ts'

const note = (n: number): string => `data: {"jsonrpc":"2.0","method":"n${n}"}\n\n`

test('every message arrives once and in order, however the stream is cut and however slow the reader is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.nat(12), fc.boolean(), async (size, count, isSlow) => {
      const bytes = Buffer.from(Array.from({ length: count }, (_, n) => note(n)).join(''))
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      const names: string[] = []
      const message = async ({ envelope }: Frame): Promise<void> => {
        if (isSlow) await new Promise(resolve => setImmediate(resolve))
        if (envelope.kind === 'notification') names.push(envelope.method)
      }
      await readStream(Readable.from(chunks), listener({ message }))
      assert.deepEqual(
        names,
        Array.from({ length: count }, (_, n) => `n${n}`),
      )
    }),
    { numRuns: 40 },
  )
})

test('progress remembers where to resume and how long to wait', async () => {
  const progress = { events: 0 }
  await readStream(Readable.from([Buffer.from(`id: a\nretry: 7\n\nid: b\n${note(1)}: c\n\n`)]), listener({ progress }))
  assert.deepEqual(progress, { events: 2, lastEventId: 'b', retryMs: 7 })
})

test('a listener that throws ends the stream and lets go of the body', async () => {
  const body = new PassThrough()
  body.write(note(1))
  const message = (): Promise<void> => Promise.reject(new LinkError('protocol', 'enough'))
  await assert.rejects(readStream(body, listener({ message })), { code: 'protocol' })
  assert.equal(body.destroyed, true)
})

test('a body that is torn down is an error with a code', async () => {
  const body = new PassThrough()
  setTimeout(() => body.destroy(), 20)
  await assert.rejects(readStream(body, listener({})), { code: 'closed' })
})

test('an event too large is told to the listener, and the stream goes on if it may', async () => {
  const unread: LinkError[] = []
  const seen: Frame[] = []
  const message = async (frame: Frame): Promise<void> => void seen.push(frame)
  const body = Readable.from([Buffer.from(`data: ${'x'.repeat(3000)}\n\n${note(1)}`)])
  await readStream(body, listener({ message, unread: error => void unread.push(error) }))
  assert.deepEqual([unread[0]?.code, seen.length], ['too-long', 1])
})

function listener(given: Partial<Listener>): Listener {
  const target = { url: 'http://127.0.0.1:9/', limits: { messageBytes: 2000 } }
  const upstream = upstreamOf(target, { unsolicited: async () => {}, oddity: () => {} })
  return {
    upstream,
    progress: { events: 0 },
    relay: undefined,
    answer: async () => {},
    message: async () => {},
    unread: () => {},
    ...given,
  }
}
