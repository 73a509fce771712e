import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Launch } from '../core/launch.ts'
import { startProcess } from './process.ts'

const launch = (script: string, more: Partial<Launch> = {}): Launch => ({
  command: '/bin/sh',
  args: ['-c', script],
  env: { PATH: '/usr/bin:/bin' },
  cwd: '/',
  inputs: [],
  tier: 'none',
  ...more,
})

// They look into /proc, or need setsid.
const onLinux = { skip: process.platform !== 'linux' }

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}

/** Whether a process runs; one that is dead and only waits to be collected does not. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test('a process has the environment of its launch and nothing else', async () => {
  const server = await startProcess(launch('env', { env: { ONLY: 'this', PATH: '/usr/bin:/bin' } }))
  const names = (await textOf(server.stdout)).split('\n').map(line => line.split('=')[0])
  assert.deepEqual(names.filter(name => !['PWD', 'OLDPWD', '_', 'SHLVL', ''].includes(name ?? '')).sort(), [
    'ONLY',
    'PATH',
  ])
  assert.equal(await server.gone, 'exited with code 0')
})

test('inputs arrive on descriptors 3 and 4 and are closed', async () => {
  const big = Buffer.alloc(300_000, 120)
  const server = await startProcess(launch('cat <&3; wc -c <&4', { inputs: [Buffer.from('three\n'), big] }))
  assert.match(await textOf(server.stdout), /^three\n\s*300000\n$/u)
})

test('a program that does not exist is a link error that names it', async () => {
  await assert.rejects(startProcess(launch('', { command: '/no/such/program' })), {
    name: 'LinkError',
    code: 'spawn-failed',
    message: /\/no\/such\/program.*ENOENT/u,
  })
})

test('a server that ends at EOF is not signalled', async () => {
  const server = await startProcess(launch('cat; echo bye'))
  const output = textOf(server.stdout)
  await server.stop()
  assert.equal(await output, 'bye\n')
  assert.equal(await server.gone, 'stopped')
})

test('a server that ignores EOF and TERM is killed with all of its group', onLinux, async () => {
  const script = 'trap "" TERM INT HUP; sleep 300 & echo $!; while :; do sleep 300; done'
  const server = await startProcess(launch(script), { eofMs: 100, termMs: 100 })
  const child = await new Promise<number>(resolve => server.stdout.once('data', chunk => resolve(Number(chunk))))
  assert.ok(runs(child) && runs(server.pid))
  const from = performance.now()
  await server.stop()
  assert.ok(performance.now() - from < 1500)
  await sleep(50)
  assert.deepEqual([runs(child), runs(server.pid)], [false, false])
})

test('what a server leaves behind in its group goes with it', onLinux, async () => {
  const server = await startProcess(launch('sleep 300 & echo $!'))
  const child = Number(await textOf(server.stdout))
  await server.gone
  await sleep(50)
  assert.equal(runs(child), false)
})

test('a helper that left the group and holds the output open does not hold up the end', onLinux, async () => {
  const server = await startProcess(launch('setsid sleep 3 & sleep 0.1'))
  server.stdout.resume()
  server.stderr.resume()
  const from = performance.now()
  await server.gone
  assert.ok(performance.now() - from < 2000)
})

test('a watcher is told the process id, can end it, and hears of its end', async () => {
  const heard: (string | number)[] = []
  const watch: Launch['watch'] = (pid, stop) => {
    heard.push(pid)
    setTimeout(() => stop('memory limit'), 20)
    return () => heard.push('gone')
  }
  const server = await startProcess(launch('sleep 300', { watch }))
  assert.equal(await server.gone, 'memory limit')
  assert.deepEqual(heard, [server.pid, 'gone'])
})
