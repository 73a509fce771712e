import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { restBounds, youngHeapMaxBytes } from './young-heap.ts'

// In a process of its own: the flags hold for the whole process, and what has grown never shrinks.
const program = (bound: string) => `
  import { getHeapSpaceStatistics } from 'node:v8'
  import { Worker, isMainThread } from 'node:worker_threads'
  import { boundYoungHeap } from ${JSON.stringify(new URL('./young-heap.ts', import.meta.url).href)}
  ${bound}
  const young = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size
  const live = []
  for (let turn = 0; turn < 40; turn++) {
    for (let i = 0; i < 50_000; i++) live[i] = { turn, i: [i] }
    await new Promise(resolve => setImmediate(resolve))
  }
  const worker = new Worker("require('node:worker_threads').parentPort.postMessage(require('node:v8').getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size)", { eval: true, execArgv: [] })
  const inWorker = await new Promise(resolve => worker.once('message', resolve))
  process.stdout.write(JSON.stringify({ own: young(), inWorker }))
`

function sizes(bound: string): { readonly own: number; readonly inWorker: number } {
  const words = ['--input-type=module', '-e', program(bound)]
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 })
  assert.notEqual(stdout, '', stderr)
  return JSON.parse(stdout)
}

test('the young part of the heap grows no further once it is large enough, and threads begin at that size', t => {
  const free = sizes('')
  if (free.own <= 2 * youngHeapMaxBytes) return t.skip('this Node keeps it that small by itself')
  const { own, inWorker } = sizes('boundYoungHeap()')
  // Between a collection and the note of it there may be one more.
  assert.ok(own <= 2 * youngHeapMaxBytes, `${own} bytes`)
  assert.ok(inWorker >= youngHeapMaxBytes / 2, `${inWorker} bytes in a thread, where it begins with one half`)
  assert.ok(inWorker > free.inWorker)
})

// The same, but it waits until nothing has happened for a while, and then works on.
const resting = `
  import { getHeapSpaceStatistics } from 'node:v8'
  import { setTimeout as sleep } from 'node:timers/promises'
  import { boundYoungHeap } from ${JSON.stringify(new URL('./young-heap.ts', import.meta.url).href)}
  boundYoungHeap()
  const young = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size
  const work = async () => {
    const live = []
    for (let turn = 0; turn < 40; turn++) {
      for (let i = 0; i < 50_000; i++) live[i] = { turn, i: [i] }
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  await work()
  const grown = young()
  for (let tries = 0; tries < 40 && young() > 2 ** 21; tries++) await sleep(500)
  const atRest = young()
  await work()
  process.stdout.write(JSON.stringify({ grown, atRest, again: young() }))
`

test('once nothing happens the young part is given back, and when there is work it grows again to its bound', () => {
  const words = ['--input-type=module', '-e', resting]
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 })
  assert.notEqual(stdout, '', stderr)
  const { grown, atRest, again } = JSON.parse(stdout)
  assert.ok(grown >= youngHeapMaxBytes / 2, `${grown} bytes after work`)
  assert.ok(atRest <= restBounds.youngBytesMin, `${atRest} bytes at rest`)
  assert.ok(again >= youngHeapMaxBytes / 2 && again <= 2 * youngHeapMaxBytes, `${again} bytes after more work`)
})
