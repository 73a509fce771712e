import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test, { type TestContext } from 'node:test'
import { areGone, isAlive } from '../fixtures/alive.ts'
import { configFile, environment, sallyport, transparent } from '../fixtures/gateway.ts'
import { proves } from '../guide/proves.ts'
import { stdioTalker } from '../plays/stdio-talker.ts'
import { layOut } from '../temporary.ts'
import { skip, survivors } from './sandbox/play.ts'

const hog = new URL('sandbox/hog.mjs', import.meta.url).pathname
const limits = { pids: 48, memoryMiB: 256, cpuSeconds: 3, tmpMiB: 24, outputMiBPerMin: 24, lineMiB: 2 }

/** The gateway of the product with two servers of the same code: one that takes what it can, and its neighbour. */
async function twoServers(t: TestContext) {
  const marker = `neighbours-${process.pid}-${t.name.length}-${Date.now()}`
  const folders = { hog: layOut({ 'mine.txt': 'hog' }), neighbour: layOut({ 'mine.txt': 'neighbour' }) }
  const server = (name: keyof typeof folders) => ({
    command: [process.execPath, hog, marker, name],
    permissions: { files: { read: [folders[name]] }, children: 'any', limits },
    why: 'a test',
  })
  const servers = { hog: server('hog'), neighbour: server('neighbour') }
  const { path, folder, [Symbol.dispose]: remove } = configFile({ ...transparent({}), servers })
  const words = [process.execPath, sallyport, 'stdio', '--config', path]
  const client = stdioTalker(words, 'legacy', { answer: () => ({ result: {} }), env: environment(folder) })
  t.after(async () => {
    if (isAlive(client.pid)) process.kill(client.pid, 'SIGKILL')
    await areGone(survivors(marker), 3000)
    remove()
  })
  await client.request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'a test', version: '1' },
  })
  await client.notify('notifications/initialized')
  const { answer } = await client.request('tools/list')
  const names = JSON.stringify(answer).match(/[\w.-]*(?:hog|neighbour)[\w.-]*/gu) ?? []
  const toolOf = (name: string, tool: string) => names.find(full => full.startsWith(name) && full.endsWith(tool)) ?? ''
  const call = async (name: string, tool: string, args: object = {}) => {
    const said = await client.request('tools/call', { name: toolOf(name, tool), arguments: args })
    return JSON.stringify(said.answer)
  }
  return { client, call, marker, folders }
}

type House = Awaited<ReturnType<typeof twoServers>>

async function neighbourAnswers({ call }: House): Promise<void> {
  const text = `still here ${Math.random()}`
  const began = performance.now()
  assert.ok((await call('neighbour', 'echo', { text })).includes(text))
  assert.ok(performance.now() - began < 10_000, 'the neighbour is not held up')
}

function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

const growthMiB = 100

for (const [act, ends] of [
  // An ordinary user's processes are held by the kernel, and it goes on with those that it has.
  ['forks', /processes: \d+ running, 48 allowed|\d children/u],
  ['balloon', /memory: \d+ MiB used, 256 allowed/u],
  ['disk', /2\d MiB written/u],
  ['endless-line', /printed more than 24 MiB in a minute/u],
  ['many-lines', /printed more than 24 MiB in a minute/u],
  ['error-stream', /printed more than 24 MiB in a minute/u],
  ['spin', /process is gone/u],
] as const)
  test(`through the gateway, ${act} of one server is stopped, and its neighbour answers all the while`, {
    skip,
    ...proves('T6.quota'),
  }, async t => {
    const house = await twoServers(t)
    await neighbourAnswers(house)
    assert.ok((await house.call('hog', 'echo', { text: 'up' })).includes('up'))
    const before = residentMiB(house.client.pid)
    let isOver = false
    const taking = house.call('hog', act).finally(() => {
      isOver = true
    })
    for (let i = 0; i < 100 && !isOver; i++) {
      await neighbourAnswers(house)
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    const outcome = await taking
    t.diagnostic(
      `${outcome.slice(0, 300)}; gateway ${before.toFixed(0)} → ${residentMiB(house.client.pid).toFixed(0)} MiB`,
    )
    assert.match(outcome, ends)
    assert.doesNotMatch(outcome, /300 children|1440 MiB held|400 MiB written|spun/u)
    await neighbourAnswers(house)
    assert.ok(residentMiB(house.client.pid) - before < growthMiB)
  })

test('through the gateway, two servers see neither each other nor the gateway, and none outlives it', {
  skip,
  ...proves('F.separate'),
}, async t => {
  const house = await twoServers(t)
  await neighbourAnswers(house)
  const running = survivors(house.marker)
  assert.ok(running.length > 0)
  const paths = [house.folders.hog, house.folders.neighbour, '/root', '/home']
  const pids = [...running, house.client.pid, process.pid]
  const looked = await house.call('hog', 'look', { paths, pids })
  const { seen, struck, processes } = JSON.parse(JSON.parse(looked).result.content[0].text)
  assert.deepEqual(seen, [house.folders.hog])
  // Small numbers mean its own processes; no process of the machine has one that low here.
  assert.deepEqual(
    struck.filter((pid: number) => pid > 50),
    [],
  )
  assert.equal(processes, 2)
  const all = survivors(house.marker)
  process.kill(house.client.pid, 'SIGKILL')
  assert.ok(await areGone(all, 2000))
})

test('a server that never answers keeps nobody but its caller waiting', { skip }, async t => {
  const house = await twoServers(t)
  const silent = house.call('hog', 'silence').catch(() => 'the gateway is gone')
  for (let i = 0; i < 5; i++) await neighbourAnswers(house)
  process.kill(house.client.pid, 'SIGKILL')
  await silent
})
