import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { ServerName } from '../../src/core/brand.ts'
import type { Machine } from '../../src/sandbox/machine.ts'
import { type Prepared, prepareLaunch } from '../../src/sandbox/prepare-launch.ts'
import { probeMachine } from '../../src/sandbox/probe.ts'
import { type Ran, runOnce } from '../../src/sandbox/run-once.ts'
import { temporaryFolder } from '../temporary.ts'
import { houseOf, people, skip, skipC } from './sandbox/play.ts'

const machine = await probeMachine({ asksEngine: false })
const canHold = machine.bubblewrap.ok && machine.bubblewrap.canBindDescriptors
const skipHold = skip || (canHold ? false : 'this bubblewrap takes no descriptors')

/** A project whose folder `docs` somebody else may swap for a link to what is not given. */
function swappable() {
  const [person] = people
  assert.ok(person)
  const { home, project, settle } = houseOf(person)
  mkdirSync(join(project, 'docs'))
  writeFileSync(join(project, 'docs', 'a.txt'), 'harmless')
  writeFileSync(join(home, '.ssh', 'a.txt'), 'secret')
  symlinkSync(join(home, '.ssh'), join(project, 'link'))
  settle()
  const docs = join(project, 'docs')
  const swap = () => {
    renameSync(docs, join(project, 'aside'))
    renameSync(join(project, 'link'), docs)
  }
  return { home, project, docs, swap }
}

type House = ReturnType<typeof swappable>
type Files = Readonly<Record<'read' | 'write', readonly string[]>>

async function prepared({ home, project, docs }: House, on: Machine, files: Partial<Files> = { read: [docs] }) {
  const code = `try{console.log(require('fs').readFileSync(${JSON.stringify(join(docs, 'a.txt'))},'utf8'))}catch(e){console.log(e.code)}`
  const command = ['node', '-e', code]
  const server = { name: 'reader' as ServerName, command, cwd: project, env: {}, permissions: { files } }
  const options = { path: '/usr/bin:/bin', node: process.execPath }
  return prepareLaunch(server, { ...on, home }, options)
}

async function started(house: House, on: Machine, between: () => void): Promise<Ran> {
  const start = await prepared(house, on)
  assert.ok(start.ok, JSON.stringify(start))
  between()
  return finished(start)
}

async function finished(start: Extract<Prepared, { ok: true }>, held = start.launch.hold): Promise<Ran> {
  const { command, args, env, inputs } = start.launch
  const ran = await runOnce({ argv: [command, ...args], inputs, hold: held, env }, 10_000)
  await start.release()
  return ran
}

test('a declared folder that was swapped for a link after it was judged is not bound', { skip: skipHold }, async () => {
  const house = swappable()
  const ran = await started(house, machine, house.swap)
  assert.match(ran.failure ?? ran.stdout, /docs changed while the server was being started/u)
})

test('a folder is the one that was opened, also when it is swapped before the wrapper binds it', {
  skip: skipHold,
}, async () => {
  const house = swappable()
  const start = await prepared(house, machine)
  assert.ok(start.ok)
  const held = start.launch.hold?.()
  assert.ok(held?.ok)
  house.swap()
  const ran = await finished(start, () => held)
  assert.equal(ran.stdout, 'harmless\n', ran.stderr)
})

test('by path the same swap would have shown what was not given', { skip: skipHold }, async () => {
  assert.ok(machine.bubblewrap.ok)
  const house = swappable()
  const old = { ...machine, bubblewrap: { ...machine.bubblewrap, canBindDescriptors: false } }
  const ran = await started(house, old, house.swap)
  assert.equal(ran.stdout, 'secret\n', 'if this is refused, descriptors are no longer needed')
})

test('what stands in for a protected name is not put where a swapped folder leads', { skip: skipHold }, async () => {
  const house = swappable()
  const start = await prepared(house, machine, { write: [house.docs] })
  assert.ok(start.ok)
  assert.ok(existsSync(join(house.docs, '.mcp.json')))
  house.swap()
  await start.release()
  assert.ok(!existsSync(join(house.home, '.ssh', '.mcp.json')))
})

const most = { starts: 12, tries: 3000 } as const

for (const pauseUs of [0, 300, 3000])
  test(`whoever swaps a folder every ${pauseUs} microseconds never gets a server to read the other`, {
    skip: skipC || skipHold,
  }, async t => {
    const house = swappable()
    const racer = spawn(swapperBinary(), [house.docs, join(house.project, 'link'), String(pauseUs)], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    const outcomes = { judged: 0, held: 0, wrapper: 0, started: 0 }
    try {
      for (let i = 0; i < most.tries && outcomes.wrapper + outcomes.started < most.starts; i++) {
        const start = await prepared(house, machine)
        const ran = start.ok ? await finished(start) : undefined
        assert.doesNotMatch(ran?.stdout ?? '', /secret/u)
        outcomes[ran === undefined ? 'judged' : howItEnded(ran)]++
      }
      assert.equal(racer.exitCode, null, 'it was swapping all the time')
    } finally {
      racer.stdin.end()
      await once(racer, 'exit')
    }
    t.diagnostic(`refused when ${JSON.stringify(outcomes)}`)
    assert.ok(outcomes.judged + outcomes.held > 0, 'the swapping was noticed')
  })

function howItEnded(ran: Ran): 'held' | 'started' | 'wrapper' {
  if (ran.failure !== undefined) return 'held'
  return ran.code === 0 ? 'started' : 'wrapper'
}

let built: string | undefined
function swapperBinary(): string {
  if (built !== undefined) return built
  built = join(temporaryFolder(), 'swapper')
  execFileSync('gcc', ['-O1', '-o', built, new URL('sandbox/swapper.c', import.meta.url).pathname])
  return built
}

test('a swapped folder leaves no descriptor open in the gateway', { skip: skipHold }, async () => {
  const house = swappable()
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  await started(house, machine, house.swap)
  assert.ok(open() <= before)
})
