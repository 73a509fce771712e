import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { linePrinter } from './line-printer.ts'

function sink(isStuck = false) {
  const written: string[] = []
  const release: (() => void)[] = []
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _, done) {
      written.push(chunk)
      if (isStuck) release.push(done)
      else done()
    },
  })
  return { stream, written, release }
}

test('lines of one moment share a write, in order', async () => {
  const { stream, written } = sink()
  const { print } = linePrinter(stream, missed => `${missed} missed`)
  for (const line of ['one', 'two', 'three']) print(line)
  assert.deepEqual(written, [])
  for (let i = 0; i < 100 && written.length === 0; i++) await sleep(10)
  assert.deepEqual(written, ['one\ntwo\nthree\n'])
})

test('what waits is printed when the end comes, and once', async () => {
  const { stream, written } = sink()
  const { print, flush } = linePrinter(stream, missed => `${missed} missed`)
  print('last')
  flush()
  flush()
  await sleep(60)
  assert.deepEqual(written, ['last\n'])
})

test('a reader that takes nothing fills no memory, and hears how many lines it missed', () => {
  const { stream, written, release } = sink(true)
  const { print, flush } = linePrinter(stream, missed => `${missed} missed`)
  const line = 'x'.repeat(1000)
  for (let i = 0; i < 10_000; i++) print(line)
  assert.ok(stream.writableLength < 200_000, `${stream.writableLength} characters held`)
  for (let done = release.shift(); done !== undefined; done = release.shift()) done()
  print('again')
  flush()
  for (let done = release.shift(); done !== undefined; done = release.shift()) done()
  assert.match(written.join(''), /\n9\d{3} missed\nagain\n$/u)
})
