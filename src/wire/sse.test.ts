import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { type SseEvent, sseMark, sseMessage, sseParser } from './sse.ts'

const limit = 1 << 20

test('an event is read with its id, name, retry and every data line', () => {
  assert.deepEqual(read('event: message\nid: 7\nretry: 250\ndata: one\ndata:two\n\n'), [
    { name: 'message', id: '7', retryMs: 250, data: 'one\ntwo' },
  ])
})

test('comments are told, unknown fields and events of nothing are not', () => {
  assert.deepEqual(read(': keep-alive\n\nfoo: bar\n\n\n\ndata\n\nid: 3\n\n'), [
    { comment: 'keep-alive' },
    { data: '' },
    { id: '3' },
  ])
})

test('a priming event keeps its id although its data is empty', () => {
  assert.deepEqual(read('id: abc\ndata: \n\n'), [{ id: 'abc', data: '' }])
})

test('an unfinished event is not an event', () => {
  assert.deepEqual(read('data: half'), [])
  assert.deepEqual(read('data: half\n'), [])
})

test('retry is a number of milliseconds or nothing, an id never holds NUL', () => {
  assert.deepEqual(read('retry: soon\ndata: a\n\nretry: 99999999999\ndata: b\n\nid: x\0y\ndata: c\n\n'), [
    { data: 'a' },
    { data: 'b' },
    { data: 'c' },
  ])
})

test('a byte order mark is dropped at the start of the stream only', () => {
  assert.deepEqual(read('\u{feff}data: a\n\n\u{feff}data: b\n\n'), [{ data: 'a' }])
})

test('an event over the limit is reported once, discarded to its end, and the next one is read', () => {
  const long = `data: ${'x'.repeat(500)}\n`
  for (const text of [
    `${long}id: 9\n\ndata: ok\n\n`,
    `${long.repeat(3)}\ndata: ok\n\n`,
    `${'y'.repeat(900)}\n\ndata: ok\n\n`,
  ])
    for (const size of [1, 7, 4096])
      assert.deepEqual(read(text, { size, eventBytesMax: 100 }), [{ isTooLong: true }, { data: 'ok' }])
})

test('comments without end do not add up to an event that is too long', () => {
  const events = read(': ping\n'.repeat(100), { size: 13, eventBytesMax: 50 })
  assert.equal(events.length, 100)
  assert.ok(events.every(event => event.comment === 'ping'))
})

test('where the network cuts the stream, in a character or a line end, makes no difference', () => {
  const piece = fc.constantFrom(
    'data: ä€𝄞',
    'data',
    ':c',
    'id: 1',
    'event: e',
    'retry: 5',
    'x',
    '\n',
    '\r',
    '\r\n',
    '\n\n',
    '\0',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.nat(200), { maxLength: 30 }), (pieces, cuts) => {
      const text = pieces.join('')
      assert.deepEqual(readCut(text, cuts), read(text, { size: limit }))
      assert.deepEqual(read(text, { size: 1 }), read(text, { size: limit }))
    }),
  )
})

test('LF, CR and CRLF end lines alike', () => {
  const lines = fc.array(fc.constantFrom('data: a', 'id: 1', '', 'data: b', ': c'), { maxLength: 20 })
  fc.assert(
    fc.property(lines, all => {
      const expected = read(`${all.join('\n')}\n`)
      assert.deepEqual(read(`${all.join('\r')}\r`), expected)
      assert.deepEqual(read(`${all.join('\r\n')}\r\n`), expected)
    }),
  )
})

test('what the writer writes, the parser reads back', () => {
  const id = fc.string({ minLength: 1 }).filter(text => !/[\r\n\0]/u.test(text) && !text.startsWith(' '))
  fc.assert(
    fc.property(fc.json(), id, fc.nat(1e6), fc.constantFrom('', '\n', '\r\n'), (json, name, retryMs, gap) => {
      const data = Buffer.from(`${gap}${json}${gap}`)
      const [event, ...rest] = read(Buffer.from(sseMessage(data, { id: name, retryMs })).toString())
      assert.equal(rest.length, 0)
      assert.deepEqual(event, { name: 'message', id: name, retryMs, data: String(data).replaceAll('\r\n', '\n') })
    }),
  )
})

test('a line end in an id or a comment cannot start a field or an event', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('\n', '\r', '\0', 'data: evil', 'a') }), text => {
      const written = Buffer.concat([sseMessage(Buffer.from('1'), { id: text }), sseMark({ comment: text, id: text })])
      const events = read(written.toString()).filter(event => event.comment === undefined)
      assert.deepEqual(
        events.map(event => event.data),
        ['1', ''],
      )
    }),
  )
})

test('a chunk of nothing but carriage returns is read in linear time', () => {
  const time = (count: number): number => {
    const chunk = Buffer.alloc(count, '\r')
    const start = process.cpuUsage().user
    sseParser(limit).push(chunk)
    return process.cpuUsage().user - start
  }
  time(1 << 18)
  const best = (count: number) => Math.min(time(count), time(count), time(count))
  assert.ok(best(1 << 21) < 40 * Math.max(best(1 << 18), 1000))
})

type Read = Omit<SseEvent, 'data'> & { data?: string }

function read(text: string, { size = 5, eventBytesMax = limit } = {}): Read[] {
  const bytes = Buffer.from(text)
  const parser = sseParser(eventBytesMax)
  const events: SseEvent[] = []
  for (let at = 0; at < bytes.length; at += size) events.push(...parser.push(bytes.subarray(at, at + size)))
  return events.map(readable)
}

function readCut(text: string, cuts: readonly number[]): Read[] {
  const bytes = Buffer.from(text)
  const places = [0, ...cuts.filter(cut => cut < bytes.length).sort((a, b) => a - b), bytes.length]
  const parser = sseParser(limit)
  return places
    .slice(1)
    .flatMap((to, index) => parser.push(bytes.subarray(places[index], to)))
    .map(readable)
}

function readable({ data, ...rest }: SseEvent): Read {
  return data === undefined ? rest : { ...rest, data: Buffer.from(data).toString() }
}
