import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Launch } from '../../src/core/launch.ts'
import type { Machine } from '../../src/sandbox/machine.ts'
import { probeMachine } from '../../src/sandbox/probe.ts'
import { start } from '../../test/fixtures/running.ts'
import { atLeast, atMost, type Goal, type Scenario } from '../goal.ts'
import { installPeers, peersFolder } from '../peers.ts'
import { bare, begun, pssMib, quietRooms, ranToEnd, sandboxed } from '../rooms.ts'
import { median, quantile } from '../sample.ts'
import { rawServer } from '../targets.ts'

const programs = join(dirname(fileURLToPath(import.meta.url)), '..', 'programs')
const startsEach = 20
const callsEach = 200
const bytesMib = 64
const deniedEach = 30
const settleMs = 400
const quick = 0.1
const nothing = ['/usr/bin/true']

type Bench = { readonly machine: Machine; readonly rounds: number; say(line: string): void }

/** What the walls cost: a start, a call, memory, bytes of an allowed host, and the answer to a dial that is refused. */
export const sandbox: Scenario = {
  about: 'servers in their rooms against servers with nothing around them',
  async run({ rounds, say }) {
    const machine = await probeMachine({ asksEngine: false })
    if (!machine.bubblewrap.ok) throw new Error(`${machine.bubblewrap.detail}. ${machine.bubblewrap.wayOut}`)
    const bench = { machine, rounds, say }
    return [...(await starts(bench)), ...(await calls(bench)), ...(await network(bench))]
  },
}

type Way = { readonly name: string; run(): Promise<number> }

async function starts({ machine, rounds, say }: Bench): Promise<Goal[]> {
  const egress = quietRooms()
  const inRoom = async () => {
    await egress.warm()
    const { launch, release } = await sandboxed(nothing, machine, { egress, hosts: ['nothing.invalid:443'] })
    const { ms } = await ranToEnd(launch)
    await release()
    // The next room is made when this start is over; made meanwhile, it would be paid for here.
    await sleep(settleMs)
    await egress.warm()
    return ms
  }
  const inside = async () => {
    const { launch, release } = await sandboxed(nothing, machine, undefined)
    const { ms } = await ranToEnd(launch)
    await release()
    return ms
  }
  const timed = (launch: Launch) => async () => (await ranToEnd(launch)).ms
  const ways: Way[] = [
    { name: 'plain', run: timed(bare(nothing)) },
    { name: 'sandbox', run: inside },
    { name: 'with hosts', run: inRoom },
    ...others(say).map(({ name, command }) => ({ name, run: timed({ ...bare(command), env: otherEnv }) })),
  ]
  const times = new Map(ways.map(({ name }) => [name, [] as number[]]))
  for (let i = 0; i < startsEach * rounds; i++)
    for (const { name, run } of ways)
      if (name !== 'sandbox-runtime' || i < startsEach) times.get(name)?.push(await run())
  await egress.close()
  // Half a dozen processes begin for one start: on a machine that does something else, the middle is the others' work.
  const at = (name: string) => quantile(times.get(name) ?? [], quick)
  const note = ways.map(({ name }) => `${name} ${at(name).toFixed(1)} ms`).join(', ')
  say(`   start of a program that does nothing: ${note}`)
  return [
    {
      ...atMost(20, 'ms', 'added to a start, quickest tenth'),
      scenario: 'sandbox',
      measured: at('sandbox') - at('plain'),
      note,
    },
    {
      ...atMost(20, 'ms', 'added to a start with hosts, quickest tenth'),
      scenario: 'sandbox',
      measured: at('with hosts') - at('plain'),
    },
  ]
}

/** Sandboxes that others made, where they are and start; what is not there is said. */
function others(say: (line: string) => void): Other[] {
  const runtime = join(peersFolder, 'node_modules/@anthropic-ai/sandbox-runtime/dist/cli.js')
  const flags = ['--quiet', '--noprofile', '--net=none', '--caps.drop=all', '--seccomp']
  const why = installPeers()
  const known = [
    { name: 'firejail', at: '/usr/bin/firejail', command: ['/usr/bin/firejail', ...flags, ...nothing] },
    { name: 'sandbox-runtime', at: runtime, command: [process.execPath, runtime, ...nothing] },
  ]
  return known.filter(({ name, at, command: [program = '', ...words] }) => {
    const tried = existsSync(at)
      ? spawnSync(program, words, { env: otherEnv, encoding: 'utf8', timeout: 20_000 })
      : undefined
    if (tried?.status === 0) return true
    const trouble = tried === undefined ? 'it is not installed' : (tried.stderr || tried.stdout).trim().slice(0, 160)
    say(`   ${name}: skipped: ${(name === 'firejail' ? undefined : why) ?? trouble}`)
    return false
  })
}

type Other = { readonly name: string; readonly command: readonly string[] }
const otherEnv = { PATH: '/usr/bin:/bin:/usr/sbin', HOME: '/tmp' }

async function calls({ machine, rounds, say }: Bench): Promise<Goal[]> {
  const { launch, release } = await sandboxed(rawServer, machine, undefined)
  const [inside, outside] = [talker(launch), talker(bare(rawServer))]
  const times = { inside: [] as number[], outside: [] as number[] }
  for (let i = 0; i < callsEach * rounds; i++) {
    // In turns as to who is first: whoever follows finds the machine awake.
    if (i % 2 === 0) times.outside.push(await outside.call())
    times.inside.push(await inside.call())
    if (i % 2 === 1) times.outside.push(await outside.call())
  }
  const extra = pssMib(inside.pid) - pssMib(outside.pid)
  inside.end()
  outside.end()
  await release()
  const note = `${(median(times.inside) * 1000).toFixed(0)} µs inside, ${(median(times.outside) * 1000).toFixed(0)} µs outside`
  say(`   a call: ${note}; ${extra.toFixed(1)} MiB more`)
  const ratio = median(times.inside.map((time, i) => time / (times.outside[i] ?? Number.NaN)))
  return [
    { ...atMost(1.15, '×', 'a call inside against outside'), scenario: 'sandbox', measured: ratio, note },
    { ...atMost(5, 'MiB', 'memory beyond the server'), scenario: 'sandbox', measured: extra },
  ]
}

function talker(launch: Launch) {
  const child = begun(launch)
  let heard = () => {}
  child.stdout?.on('data', bytes => {
    if (bytes.at(-1) === 10) heard()
  })
  const line = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read_text', arguments: { n: 200 } } })}\n`
  return {
    pid: child.pid ?? 0,
    async call() {
      const began = performance.now()
      const answered = new Promise<void>(resolve => {
        heard = resolve
      })
      child.stdin?.write(line)
      await answered
      return performance.now() - began
    },
    end: () => child.kill('SIGKILL'),
  }
}

async function network({ machine, rounds, say }: Bench): Promise<Goal[]> {
  const source = await start([join(programs, 'bytes.ts'), String(bytesMib)])
  const egress = quietRooms()
  const words = (times: number, dials: number) => [
    ...[process.execPath, join(programs, 'dialler.ts'), '127.0.0.1'],
    ...[source.line, String(times), '9', String(dials)],
  ]
  const ratios: number[] = []
  const denied: number[] = []
  let note = ''
  for (let i = 0; i < rounds; i++) {
    const direct = ratesIn((await ranToEnd(bare(words(4, 0)))).out)
    const net = { egress, hosts: [`127.0.0.1:${source.line}`] }
    const { launch, release } = await sandboxed(words(4, deniedEach), machine, net)
    const { out } = await ranToEnd(launch)
    await release()
    const room = ratesIn(out)
    ratios.push(median(room) / median(direct))
    denied.push(...numbersOf(out, 'deniedMs'))
    note = `${median(room).toFixed(0)} MiB/s in a room, ${median(direct).toFixed(0)} direct`
  }
  await egress.close()
  await source.stop()
  say(`   an allowed host: ${note}; a refused dial: ${median(denied).toFixed(1)} ms`)
  return [
    {
      ...atLeast(0.8, '×', 'bytes of an allowed host against direct'),
      scenario: 'sandbox',
      measured: median(ratios),
      note,
    },
    { ...atMost(5, 'ms', 'a refused dial is answered'), scenario: 'sandbox', measured: median(denied) },
  ]
}

function ratesIn(out: string): number[] {
  // The first download of a process pays for compiling what the others reuse.
  return numbersOf(out, 'ms')
    .map(ms => (bytesMib * 1000) / ms)
    .slice(1)
}

function numbersOf(out: string, name: string): number[] {
  return out
    .split('\n')
    .filter(line => line !== '')
    .flatMap(line => {
      const value: unknown = JSON.parse(line)[name]
      return typeof value === 'number' ? [value] : []
    })
}
