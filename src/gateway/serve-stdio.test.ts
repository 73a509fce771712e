import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { areGone } from '../../test/fixtures/alive.ts'
import { environment, sallyport } from '../../test/fixtures/gateway.ts'
import { scripted } from '../../test/fixtures/running.ts'
import { layOut } from '../../test/temporary.ts'

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)
  test(`${signal} of the gateway leaves no server behind`, async () => {
    using server = scripted({ onEof: 'ignore', onTerm: 'ignore', start: [{ stderr: 'up\n' }] })
    const words = [sallyport, 'exec', '--sandbox', 'none', '--', ...server.command]
    const child = spawn(process.execPath, words, { env: { ...process.env, ...environment(layOut({})) } })
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a test', version: '1' } }
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`)
    await once(child.stdout, 'data')
    const pids = childrenOf(child.pid ?? 0)
    assert.ok(pids.length > 0, 'the server runs')
    child.kill(signal)
    await once(child, 'exit')
    assert.equal(await areGone(pids, 6000), true)
  })

/** Processes started by a process, and by those. */
function childrenOf(pid: number): number[] {
  const direct = readdirSync('/proc')
    .filter(name => /^\d+$/u.test(name))
    .map(Number)
    .filter(other => parentOf(other) === pid)
  return direct.flatMap(other => [other, ...childrenOf(other)])
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return -1
  }
}
