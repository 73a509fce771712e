import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

const gateway = `
import { startProcess } from ${JSON.stringify(new URL('./process.ts', import.meta.url).href)}
const script = 'trap "" TERM INT HUP PIPE; sleep 301 & echo $!; while :; do sleep 302; done'
for (let i = 0; i < 2; i++) {
  const launch = { command: '/bin/sh', args: ['-c', script], env: { PATH: '/usr/bin:/bin' }, cwd: '/', inputs: [], tier: 'none' }
  const server = await startProcess(launch)
  const child = await new Promise(resolve => server.stdout.once('data', resolve))
  console.log([server.pid, Number(child)].join(' '))
}
const done = await startProcess({ command: '/bin/true', args: [], env: {}, cwd: '/', inputs: [], tier: 'none' })
await done.gone
console.log('ready')
setInterval(() => {}, 1000)
`

/** Starts a gateway with two servers that ignore every polite signal; the pids of servers, their children, the guardian. */
async function startGateway() {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', gateway], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout) {
    text += chunk
    if (text.includes('ready')) break
  }
  const servers = (text.match(/\d+/gu) ?? []).map(Number)
  const guardian = childrenOf(child.pid ?? 0).find(pid => commandOf(pid).includes('read -r sign group'))
  assert.equal(servers.length, 4)
  assert.ok(guardian !== undefined)
  return { child, servers, guardian }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync('/proc').filter(name => /^\d+$/u.test(name))
  return pids.map(Number).filter(pid => fieldOf(pid, 'PPid') === String(parent))
}

function fieldOf(pid: number, name: string): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return new RegExp(`^${name}:\\s+(\\S+)`, 'mu').exec(status)?.[1] ?? ''
  } catch {
    return ''
  }
}

const runs = (pid: number) => !['', 'Z'].includes(fieldOf(pid, 'State'))

// They find the processes in /proc.
const onLinux = { skip: process.platform !== 'linux' }

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const)
  test(`nothing is left within a second after the gateway ended by ${signal}`, onLinux, async () => {
    const { child, servers, guardian } = await startGateway()
    assert.ok(servers.every(runs))
    child.kill(signal)
    const from = performance.now()
    while ([...servers, guardian].some(runs) && performance.now() - from < 1000) await sleep(20)
    assert.deepEqual([...servers, guardian].filter(runs), [])
  })

test('the guardian ignores the signals of a terminal, is small, and is replaced when it dies', onLinux, async () => {
  const { child, servers, guardian } = await startGateway()
  assert.ok(Number(fieldOf(guardian, 'VmRSS')) <= 2048, `${fieldOf(guardian, 'VmRSS')} kB`)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(guardian, signal)
  await sleep(100)
  assert.ok(runs(guardian))
  process.kill(guardian, 'SIGKILL')
  await sleep(300)
  assert.ok(childrenOf(child.pid ?? 0).some(pid => pid !== guardian && commandOf(pid).includes('read -r sign group')))
  child.kill('SIGKILL')
  await sleep(700)
  assert.deepEqual(servers.filter(runs), [])
})
