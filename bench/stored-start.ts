import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type StoredPackage, writeLock } from '../src/trust/lock-file.ts'
import { lockPath } from '../src/trust/store-change.ts'
import { recordFiles } from '../src/trust/verify-stored.ts'
import { configFile, environment } from '../test/fixtures/gateway.ts'
import { median } from './sample.ts'
import { stdioProbe } from './stdio-probe.ts'
import { product } from './targets.ts'

const startsEach = 10
const [name, version, filesBeside] = ['bench-stored', '1.0.0', 1000] as const
const day = new Date(0).toISOString()

/** How much later a server answers whose files are held against what was stored; both ways in turns, milliseconds. */
export async function storedStart(rounds: number): Promise<number> {
  using file = configFile({})
  const env = environment(file.folder)
  const root = join(file.folder, 'state', 'sallyport', 'packages')
  store(root)
  // The same files again, since no server is given the state folder.
  const beside = join(file.folder, 'beside')
  const entry = layOut(beside)
  const later: number[] = []
  for (let i = 0; i < startsEach * rounds; i++) {
    const direct = await readyMs(['--read', beside, '--', process.execPath, entry], env)
    later.push((await readyMs(['--', 'npx', '-y', name], env)) - direct)
  }
  return median(later)
}

async function readyMs(words: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const began = performance.now()
  const probe = await stdioProbe([process.execPath, product, 'exec', ...words], env)
  const took = performance.now() - began
  await probe.close()
  return took
}

function layOut(at: string): string {
  mkdirSync(join(at, 'lib'), { recursive: true })
  writeFileSync(join(at, 'main.mjs'), server)
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version, bin: 'main.mjs' }))
  for (let i = 0; i < filesBeside; i++) writeFileSync(join(at, 'lib', `f${i}.js`), `export const a = ${i}\n`.repeat(60))
  return join(at, 'main.mjs')
}

function store(root: string): void {
  const folder = `npm-${name}-${version}`
  layOut(join(root, folder, 'node_modules', name))
  const files = recordFiles(root, folder)
  if ('problem' in files) throw new Error(files.problem)
  const stored: StoredPackage = {
    ...{ ecosystem: 'npm', name, version, folder, files, integrity: 'sha512-x', dependencies: {} },
    ...{ installScripts: [], publisher: 'unknown', provenance: 'unknown', installedAt: day },
  }
  const active = `npm:${name}@${version}`
  const about = { previous: [], owner: 'bench', why: 'bench', addedAt: day, reviewedAt: day, reviewDays: 90 }
  writeLock(lockPath(root), { version: 1, packages: { [active]: stored }, servers: { bench: { ...about, active } } })
}

const server = `
import { createInterface } from 'node:readline'
const answers = {
  initialize: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'bench', version: '1' } },
  'tools/list': { tools: [{ name: 'read_text', description: 'Reads.', inputSchema: { type: 'object' } }] },
}
createInterface({ input: process.stdin }).on('line', line => {
  const { id, method } = JSON.parse(line)
  if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: answers[method] ?? {} }) + '\\n')
})
`
