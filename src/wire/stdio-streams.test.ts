import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import test from 'node:test'

const module = JSON.stringify(new URL('./stdio-streams.ts', import.meta.url).href)
const run = (script: string) =>
  spawn('/bin/sh', ['-c', `"${process.execPath}" --input-type=module-typescript -e "$SCRIPT" | (sleep 1; wc -c)`], {
    env: { SCRIPT: `import { openStdio } from ${module}\n${script}`, PATH: '/usr/bin:/bin' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })

test('a client that does not read its pipe does not stop the clock', async () => {
  const child = run(`
    const { output } = openStdio()
    const from = performance.now()
    output.write(Buffer.alloc(1_000_000))
    setTimeout(() => console.error(Math.round(performance.now() - from)), 50)
  `)
  child.stdin.end()
  let [err, out] = ['', '']
  child.stderr.on('data', chunk => {
    err += chunk
  })
  child.stdout.on('data', chunk => {
    out += chunk
  })
  await new Promise(resolve => child.once('close', resolve))
  assert.ok(Number(err) < 600, `the timer came after ${err} ms`)
  assert.equal(out.trim(), '1000000')
})

test('input arrives, and its end too', async () => {
  const child = run(`
    const { input, output } = openStdio()
    let bytes = 0
    input.on('data', chunk => { bytes += chunk.length })
    input.on('end', () => output.end('x'.repeat(bytes)))
  `)
  child.stdin.end('12345')
  const out = Buffer.concat(await child.stdout.toArray()).toString()
  assert.equal(out.trim(), '5')
})
