import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import test from 'node:test'
import { treeOf, watchTree } from './watchdog.ts'

const skip = process.platform === 'linux' ? false : 'reads /proc'

/** A small tree: a Node that starts another and waits. */
function startTree(code = 'setInterval(()=>{},1000)') {
  const inner = `require('child_process').spawn(process.execPath,['-e',${JSON.stringify(code)}],{stdio:'inherit'});setInterval(()=>{},1000)`
  return spawn(process.execPath, ['-e', inner], { stdio: ['ignore', 'pipe', 'ignore'] })
}

const until = async (isSo: () => boolean) => {
  for (let i = 0; i < 400 && !isSo(); i++) await new Promise(resolve => setTimeout(resolve, 20))
  assert.ok(isSo())
}

test('a tree is a process and all that it started, with their memory and threads', { skip }, async () => {
  const child = startTree()
  try {
    await until(() => {
      const { processes, threads, memoryKiB } = treeOf(child.pid!)
      return processes.length === 2 && threads > 4 && memoryKiB > 10_000
    })
  } finally {
    for (const pid of treeOf(child.pid!).processes) process.kill(pid, 'SIGKILL')
  }
})

test('a tree that takes too much memory is ended as a whole, with the reason', { skip }, async () => {
  const child = startTree('const a=[];setInterval(()=>a.length<40&&a.push(Buffer.alloc(8e6,1)),10)')
  const reasons: string[] = []
  const unwatch = watchTree({ memoryMiB: 200, pids: 1000 })(child.pid!, why => reasons.push(why))
  await until(() => reasons.length > 0)
  unwatch()
  assert.match(reasons[0] ?? '', /^memory: \d+ MiB used, 200 allowed/u)
  await until(() => treeOf(child.pid!).processes.length === 0)
})

test('a tree within its limits is left alone, and watching ends when asked', { skip }, async () => {
  const child = startTree()
  const reasons: string[] = []
  const unwatch = watchTree({ memoryMiB: 4000, pids: 1000, slowestMs: 20, quickestMs: 10 })(child.pid!, why =>
    reasons.push(why),
  )
  await until(() => treeOf(child.pid!).processes.length === 2)
  await new Promise(resolve => setTimeout(resolve, 300))
  unwatch()
  assert.deepEqual(reasons, [])
  const { processes } = treeOf(child.pid!)
  assert.equal(processes.length, 2)
  for (const pid of processes) process.kill(pid, 'SIGKILL')
})

test('a process that is gone is an empty tree', { skip }, () => {
  assert.deepEqual(treeOf(2 ** 22 + 1), { processes: [], threads: 0, memoryKiB: 0 })
})
