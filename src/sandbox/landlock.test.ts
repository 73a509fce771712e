import assert from 'node:assert/strict'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { samplePlan } from '../../test/sandbox-plan.ts'
import { layOut } from '../../test/temporary.ts'
import { type LandlockParts, landlockLaunch, landlockLosses } from './landlock.ts'
import { tryLandlock } from './landlock-probe.ts'
import type { Plan } from './plan.ts'
import { probeMachine } from './probe.ts'
import { realPathOf } from './real-path.ts'
import { runOnce } from './run-once.ts'

const machine = await probeMachine({ asksEngine: false, asksLandlock: true })
const { landlock, architecture } = machine
const parts: LandlockParts | undefined =
  landlock?.ok === true && architecture !== undefined ? { landlock, architecture, root: machine.root } : undefined
const skip = parts === undefined ? `no Landlock: ${landlock?.ok === false ? landlock.detail : 'not Linux'}` : false

function run(plan: Partial<Plan>) {
  assert.ok(parts)
  const node = realPathOf(process.execPath)
  assert.ok(node)
  const more = { program: node, code: [node], read: [], write: [], children: [], cwd: '/', ...plan }
  const launch = landlockLaunch(samplePlan(more), parts)
  return runOnce({ argv: [launch.command, ...launch.args], inputs: launch.inputs, env: launch.env }, 20_000)
}

const tries = `const fs = require('fs'), out = []
const tried = (name, act) => { try { act(); out.push(name) } catch (error) { out.push(name + ' ' + error.code) } }
for (const [act, ...args] of JSON.parse(process.argv[1])) tried(act, () => fs[act](...args))
console.log(out.join('\\n'))`

test('only what was declared is read and written, whatever is tried with it', { skip }, async () => {
  const root = realPathOf(layOut({ 'in/a.txt': 'a', 'out/b.txt': 'b', 'secret.txt': 's', 'gone.txt': 'g' }))!
  const at = (name: string) => join(root, name)
  symlinkSync(at('secret.txt'), at('out/link'))
  const acts = [
    ['readFileSync', at('in/a.txt')],
    ['writeFileSync', at('in/a.txt'), 'x'],
    ['writeFileSync', at('out/b.txt'), 'x'],
    ['readFileSync', at('secret.txt')],
    ['readFileSync', at('out/link')],
    ['linkSync', at('secret.txt'), at('out/hard')],
    ['renameSync', at('gone.txt'), at('out/gone.txt')],
    ['truncateSync', at('secret.txt')],
    ['chmodSync', at('secret.txt'), 0o777],
    ['utimesSync', at('secret.txt'), 1, 1],
    ['readdirSync', root],
    ['unlinkSync', at('gone.txt')],
    ['readFileSync', `/proc/${process.pid}/environ`],
    ['readFileSync', '/etc/passwd'],
  ]
  const mount = (name: string) => ({ path: at(name), from: realPathOf(at(name))! })
  const plan = { args: ['-e', tries, JSON.stringify(acts)], read: [mount('in')], write: [mount('out')] }
  const { code, stdout, stderr } = await run(plan)
  assert.equal(code, 0, stderr)
  const ends = stdout.trim().split('\n')
  assert.deepEqual(
    ends.map((end, i) => (end.includes(' ') ? 'refused' : `done ${i}`)),
    acts.map((_, i) => (i === 0 || i === 2 ? `done ${i}` : 'refused')),
    stdout,
  )
})

test('threads with code of their own start here as in the full tier', { skip }, async () => {
  const code = `const { Worker } = require('worker_threads')
    let up = 0
    for (let i = 0; i < 3; i++) {
      const worker = new Worker('require("worker_threads").parentPort.postMessage("up")', { eval: true })
      worker.once('message', () => { if (++up === 3) { console.log('all up'); process.exit(0) } })
    }`
  const { stdout, stderr } = await run({ args: ['-e', code] })
  assert.equal(stdout.trim(), 'all up', stderr)
})

test('there is no socket of any kind', { skip }, async () => {
  const code = `const net = require('net'), dgram = require('dgram')
    net.connect(9, '127.0.0.1').on('error', error => console.log(error.code))
    net.connect('/tmp/x.sock').on('error', error => console.log(error.code))
    try { dgram.createSocket('udp4').bind(0).on('error', error => console.log(error.code)) } catch (error) { console.log(error.code) }`
  const { stdout, stderr } = await run({ args: ['-e', code] })
  assert.deepEqual(stdout.trim().split('\n'), ['EAFNOSUPPORT', 'EAFNOSUPPORT', 'EAFNOSUPPORT'], stderr)
})

test('a path that became a link is refused, and nothing is started', { skip }, async () => {
  const root = realPathOf(layOut({ 'secret.txt': 's' }))!
  const path = join(root, 'notes')
  symlinkSync(root, path)
  const swapped = { path, from: path as NonNullable<ReturnType<typeof realPathOf>> }
  const { code, stderr, stdout } = await run({ args: ['-e', 'console.log(1)'], read: [swapped] })
  assert.deepEqual([code, stdout], [126, ''])
  assert.match(stderr, /changed while it was looked at/u)
})

test('what it leaves open is said, and a machine without the helper is told what is missing', async () => {
  assert.match(landlockLosses(samplePlan(), 5).join('\n'), /hooks[\s\S]*signals/u)
  const found = await tryLandlock({ ...machine, tools: {} })
  if (machine.platform === 'linux') assert.ok(found?.ok === false && found.reason === 'missing')
})
