import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '../../src/core/json.ts'
import type { StoredPackage } from '../../src/trust/lock-file.ts'
import { checkName } from '../../src/trust/lookalike.ts'
import { openPinStore } from '../../src/trust/pin-store.ts'
import { recordFiles, verifyStored } from '../../src/trust/verify-stored.ts'
import { messageOf, server } from '../../test/situation.ts'
import { atMost, type Scenario } from '../goal.ts'
import { median } from '../sample.ts'
import { storedStart } from '../stored-start.ts'

const runsEach = 20

/** What trust in servers costs: pins on every list, files before every start, names when a server is added. */
export const trust: Scenario = {
  about: 'pins, stored files and names in processor time, and the start of a stored server',
  async run({ rounds, say }) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-trust-'))
    try {
      const pins = pinTimes(folder, rounds)
      const files = fileTimes(folder, rounds)
      const name = median(
        Array.from({ length: 300 * rounds }, (_, i) => cpuMs(() => checkName(`mcp-servr-${i}-files`))),
      )
      const bare = bareStart()
      const later = await storedStart(rounds)
      say(
        `   pins ${pins.cold.toFixed(2)} ms cold, ${pins.warm.toFixed(3)} ms unchanged; files ${files.warm.toFixed(1)} ms`,
      )
      const scenario = 'trust'
      return [
        { ...atMost(5, 'ms', 'pins of 100 tools, first comparison'), scenario, measured: pins.cold },
        { ...atMost(0.2, 'ms', 'pins of 100 tools, unchanged'), scenario, measured: pins.warm },
        { ...atMost(1000, 'ms', '5,000 stored files, all read'), scenario, measured: files.cold },
        { ...atMost(30, 'ms', '3,700 stored files, unchanged'), scenario, measured: files.warm, note: bare },
        { ...atMost(1, 'ms', 'a name against the list'), scenario, measured: name },
        { ...atMost(30, 'ms', 'a stored server ready, beyond its file run directly'), scenario, measured: later },
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function surface(): JsonObject[] {
  const property = (i: number) => [
    `p${i}`,
    { type: 'string', description: 'A value that the tool needs to do its work.' },
  ]
  const inputSchema = {
    type: 'object',
    properties: Object.fromEntries(Array.from({ length: 8 }, (_, i) => property(i))),
  }
  return Array.from({ length: 100 }, (_, i) => structuredClone({ name: `t${i}`, description: 'Reads.', inputSchema }))
}

function pinTimes(folder: string, rounds: number): { cold: number; warm: number } {
  const subject = { server, identity: 'bench', trust: 'scan' as const }
  const once = (port: ReturnType<typeof openPinStore>, messages: readonly ReturnType<typeof messageOf>[]) =>
    cpuMs(() => {
      for (const message of messages) {
        port.look(subject, message)
        port.keep(subject, message, [])
      }
    }) / messages.length
  const list = () => messageOf({ kind: 'server.surface', part: 'tools', items: surface() })
  const pins = join(folder, 'pins')
  once(openPinStore({ folder: pins }), [list()])
  const cold: number[] = []
  const warm: number[] = []
  for (let i = 0; i < runsEach * rounds; i++) {
    const port = openPinStore({ folder: pins })
    cold.push(once(port, [list()]))
    warm.push(once(port, Array.from({ length: 10 }, list)))
  }
  return { cold: median(cold), warm: median(warm) }
}

function fileTimes(folder: string, rounds: number): { cold: number; warm: number } {
  const later = () => Date.now() + 10_000
  const large = stored(folder, 'npm-large', 5000)
  const usual = stored(folder, 'npm-usual', 3700)
  const cold = cpuMs(() => verifyStored(folder, large, later()))
  verifyStored(folder, usual, later())
  const warm = Array.from({ length: runsEach * rounds }, () => cpuMs(() => verifyStored(folder, usual, later())))
  return { cold, warm: median(warm) }
}

function stored(root: string, folder: string, count: number): StoredPackage {
  for (let i = 0; i < count; i++) {
    const at = join(root, folder, 'node_modules', `m${i % 120}`, `d${i % 7}`)
    mkdirSync(at, { recursive: true })
    writeFileSync(join(at, `f${i}.js`), `export const a${i} = ${i}\n`.repeat(60))
  }
  const files = recordFiles(root, folder)
  if ('problem' in files) throw new Error(files.problem)
  return {
    ...({ ecosystem: 'npm', name: 'x', version: '1.0.0', integrity: 'sha512-x', publisher: 'unknown' } as const),
    ...({ folder, files, dependencies: {}, installScripts: [], provenance: 'unknown' } as const),
    installedAt: new Date(0).toISOString(),
  }
}

function bareStart(): string {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now()
    spawnSync(process.execPath, ['-e', '0'], { stdio: 'ignore', timeout: 30_000 })
    return performance.now() - began
  })
  return `bare node ${median(times).toFixed(0)} ms`
}
