import assert from 'node:assert/strict'
import test from 'node:test'
import { runOnce } from './run-once.ts'

const node = process.execPath

test('a program gets its arguments, its environment and its extra descriptors, and nothing else', async () => {
  const code = "console.log(process.argv[1], process.env.A, process.env.PATH, require('fs').readFileSync(3)+'')"
  const ran = await runOnce(
    { argv: [node, '-e', code, '$(x)'], inputs: [Buffer.from('three')], env: { A: 'a' } },
    10_000,
  )
  assert.deepEqual(ran, { code: 0, stdout: '$(x) a undefined three\n', stderr: '', failure: undefined })
})

test('one that does not end is ended, and says so', async () => {
  const ran = await runOnce({ argv: [node, '-e', 'setInterval(()=>{},1000)'], inputs: [] }, 200)
  assert.equal(ran.code, null)
  assert.match(ran.failure ?? '', /no end after 200 ms/u)
})

test('one that is not there is a result, not an exception', async () => {
  const ran = await runOnce({ argv: ['/nonexistent/x'], inputs: [Buffer.from('x')] }, 1000)
  assert.equal(ran.code, null)
  assert.match(ran.failure ?? '', /ENOENT/u)
})

test('output is bounded', async () => {
  const code = "process.stdout.write('x'.repeat(2e6))"
  const ran = await runOnce({ argv: [node, '-e', code], inputs: [] }, 10_000)
  assert.equal(ran.stdout.length, 256 * 1024)
})
