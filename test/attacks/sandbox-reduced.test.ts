import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { probeMachine } from '../../src/sandbox/probe.ts'
import { attackerScript, houseOf, Play, people, play, survivors } from './sandbox/play.ts'

const { landlock } = await probeMachine({ asksEngine: false, asksLandlock: true })
const skip = landlock?.ok === true ? false : `no Landlock here: ${landlock?.detail ?? 'not Linux'}`
const ordinary = people.at(-1)!
const accept = ['reduced']

test('without namespaces, Landlock and the filter still hold files, network and neighbours', { skip }, async t => {
  const { home, project, settle } = houseOf(ordinary)
  writeFileSync(join(home, '.ssh', 'id_rsa'), 'private')
  writeFileSync(join(project, 'fine.txt'), 'fine')
  mkdirSync(join(project, 'out'))
  settle()
  const door = createServer().listen(0, '127.0.0.1')
  t.after(() => door.close())
  await once(door, 'listening')
  let calls = 0
  door.on('connection', () => calls++)
  const address = door.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const secret = join(home, '.ssh', 'id_rsa')
  const target = {
    ...{ read: [join(project, 'fine.txt'), secret, '/etc/passwd', `/proc/${process.pid}/environ`] },
    ...{ write: [join(project, 'out', 'x'), join(home, 'x'), '/tmp/sallyport-x', join(project, 'x')] },
    ...{ tcp: [['127.0.0.1', port]], udp: [['127.0.0.1', port]], unix: ['/run/x.sock', '\0abstract'] },
    ...{ run: ['/usr/bin/git', '/bin/sh'], environment: true, canary: 'CANARY-OF-THE-GATEWAY' },
  }
  const permissions = { files: { read: [project], write: [join(project, 'out')] } }
  const command = ['node', attackerScript, JSON.stringify({ ...target, canary: 'CANARY-OF' })]
  const attack = await play(
    ordinary,
    { command, cwd: project, permissions, accept },
    { HOME: home, GATEWAY_TOKEN: 'CANARY-OF-THE-GATEWAY' },
  )
  assert.equal(attack.event('tier'), 'reduced', JSON.stringify(attack.events))
  const attempts = attack.attempts()
  const open = [...attempts].filter(([, { error }]) => error === undefined).map(([name]) => name)
  // Its own command line holds the marker that is looked for; of others it may read nothing.
  assert.deepEqual(open, [`read ${join(project, 'fine.txt')}`, `write ${join(project, 'out', 'x')}`])
  assert.equal(calls, 0)
})

test('without namespaces, what it leaves behind does not outlive the gateway that is killed', { skip }, async () => {
  const { home, project, settle } = houseOf(ordinary)
  settle()
  const marker = `reduced-${process.pid}`
  const command = ['node', attackerScript, JSON.stringify({ stay: true, read: [marker] })]
  const run = new Play(ordinary, { command, cwd: project, permissions: {}, accept }, { HOME: home })
  await run.until('it started', () => run.attempts().size > 0)
  run.process.kill('SIGKILL')
  await run.until('nothing is left', () => survivors(marker).length === 0)
})

test('without namespaces, a process cannot leave the group that is ended with its gateway', { skip }, async () => {
  const { home, project, settle } = houseOf(ordinary)
  settle()
  const marker = `reduced-daemon-${process.pid}`
  const command = ['node', attackerScript, JSON.stringify({ daemon: marker, stay: true })]
  const permissions = { children: 'any' }
  const run = new Play(ordinary, { command, cwd: project, permissions, accept }, { HOME: home })
  await run.until('the daemon runs', () => run.attempts().has('daemon'))
  const inside = survivors(marker).filter(pid => pid !== run.process.pid)
  const groups = new Set(inside.map(groupOf))
  for (const pid of inside) process.kill(pid, 'SIGKILL')
  run.process.kill('SIGKILL')
  assert.ok(inside.length >= 2, 'server and daemon are there')
  assert.equal(groups.size, 1, 'whoever ends the group ends both')
})

/** The process group, out of /proc: the field after the name, the state and the parent. */
function groupOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2])
}
