import assert from 'node:assert/strict'
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import test, { type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditFolder, chainFiles } from '../../test/audit/recorded.ts'
import { decode } from './chain.ts'
import { openAuditLog } from './log.ts'
import { auditVerify } from './verify.ts'

type Child = ChildProcessByStdio<null, Readable, null>

function load(
  t: TestContext,
  args: readonly string[],
  before: readonly string[] = [],
): { child: Child; said: string[] } {
  const script = join(import.meta.dirname, '../../test/audit/load.ts')
  const [command = '', ...rest] = [...before, process.execPath, script, ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const said: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text))
  return { child, said }
}

function linesOf(said: readonly string[]): string[] {
  return said.join('').split('\n').slice(0, -1)
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1000; i++) {
    if (isSo()) return
    await sleep(10)
  }
  throw new Error(`waited 10 s in vain until ${what}`)
}

function recordedCalls(folder: string): Set<number> {
  const calls = new Set<number>()
  for (const file of chainFiles(folder))
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
      const decoded = decode(line)
      if ('record' in decoded && decoded.record.kind === 'call') calls.add(Number(decoded.record.details['n']))
    }
  return calls
}

for (const mode of ['relaxed', 'durable'] as const)
  test(`a process killed under the load of 64 callers loses no acknowledged record, and its chain verifies (${mode})`, async t => {
    const folder = auditFolder(t)
    for (const atLeast of [100, 700]) {
      const { child, said } = load(t, [folder, mode])
      await until(() => linesOf(said).length > atLeast, `${atLeast} records were acknowledged`)
      const exit = once(child, 'close')
      child.kill('SIGKILL')
      await exit
      const recorded = recordedCalls(folder)
      const lost = linesOf(said).filter(line => !recorded.has(Number(line)))
      assert.deepEqual(lost, [])
    }
    await openAuditLog({ folder }).close()
    const report = await auditVerify(folder)
    assert.deepEqual(report.faults, [])
    assert.deepEqual(
      report.chains.map(({ state }) => state),
      ['unfinished', 'unfinished', 'ended'],
    )
    assert.deepEqual(
      readdirSync(folder).filter(name => name.endsWith('.lock')),
      [],
    )
  })

for (const mode of ['relaxed', 'durable'] as const)
  test(`when the file may grow no more calls are refused, the process lives, and goes on once it may (${mode})`, async t => {
    const folder = auditFolder(t)
    const { child, said } = load(t, [folder, mode, '8'], ['prlimit', '--fsize=200000:unlimited'])
    await until(() => linesOf(said).filter(line => line.includes('AUDIT_NO_SPACE')).length > 20, 'appends were refused')
    const refusedAt = recordedCalls(folder).size
    const [file = ''] = chainFiles(folder)
    assert.ok(statSync(file).size <= 200_000)
    // Between a write that fell short and its being taken back there is a moment in which half a line stands there.
    await until(() => readFileSync(file).at(-1) === 10, 'the file ended with a whole line')
    assert.equal(child.exitCode, null)
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited'])
    await until(() => recordedCalls(folder).size > refusedAt + 50, 'recording went on')
    await checkAfterwards(folder, { child, said })
  })

/** Acknowledged is recorded, refused is not, and the record says that and how much was refused. */
async function checkAfterwards(folder: string, { child, said }: { child: Child; said: string[] }): Promise<void> {
  const exit = once(child, 'close')
  child.kill('SIGKILL')
  await exit
  const recorded = recordedCalls(folder)
  for (const line of linesOf(said)) {
    const [n, code] = line.split(' ')
    assert.equal(recorded.has(Number(n)), code === undefined, line)
  }
  assert.match(
    chainFiles(folder)
      .map(file => readFileSync(file, 'utf8'))
      .join(''),
    /"event":"restored","code":"AUDIT_NO_SPACE"/u,
  )
  await openAuditLog({ folder }).close()
  assert.deepEqual((await auditVerify(folder)).faults, [])
}

test('on a full disk calls are refused, and go on when there is room again', async t => {
  const folder = join(auditFolder(t), 'disk')
  mkdirSync(folder, { mode: 0o700 })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100k,mode=0700', 'none', folder], { stdio: 'ignore' })
  } catch {
    t.skip('mounting a small tmpfs is not allowed here')
    return
  }
  try {
    await fillAndFree(folder, load(t, [folder, 'relaxed', '8']))
  } finally {
    execFileSync('umount', ['-l', folder])
  }
})

async function fillAndFree(folder: string, { child, said }: { child: Child; said: string[] }): Promise<void> {
  await until(() => linesOf(said).filter(line => line.includes('AUDIT_NO_SPACE')).length > 20, 'appends were refused')
  assert.equal(child.exitCode, null)
  assert.throws(() => openAuditLog({ folder }), { code: 'AUDIT_NO_SPACE' })
  const before = recordedCalls(folder).size
  execFileSync('mount', ['-o', 'remount,size=8m', folder])
  await until(() => recordedCalls(folder).size > before + 50, 'recording went on')
  await checkAfterwards(folder, { child, said })
}
