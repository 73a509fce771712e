import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(dirname(here))
const program = join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js')
const runMs = 180_000
const outputMax = 4 * 1024 * 1024

export type Revision = '2025-11-25' | '2026-07-28'
export const revisions: readonly Revision[] = ['2025-11-25', '2026-07-28']

/** What the suite counted: one line a scenario, as it printed them. */
export type Summary = {
  readonly scenarios: Readonly<Record<string, string>>
  readonly passed: number
  readonly failed: number
}

/** Runs everything that a revision requires against the server at a URL. */
export async function serverSuite(url: string, revision: Revision): Promise<Summary> {
  return summaryOf(await run(['server', '--url', url, '--requirements', revision]))
}

/** Runs one scenario against our client, straight or through a gateway that the client starts. */
export async function clientScenario(name: string, revision: Revision, through = false): Promise<Summary> {
  const command = `${process.execPath} ${join(dirname(here), 'fixtures', 'conformance-client.ts')}`
  const words = ['client', '--command', command, '--scenario', name, '--spec-version', revision]
  // The suite's mock servers would listen on every interface.
  const env = { NODE_OPTIONS: `--import ${join(dirname(here), 'fixtures', 'loopback.mjs')}` }
  const output = await run(words, through ? { ...env, CONFORMANCE_THROUGH: 'gateway' } : env)
  const [, passed, failed] = /Passed: (\d+)\/\d+, (\d+) failed/u.exec(output) ?? []
  if (passed === undefined) throw new Error(`no result for ${name}:\n${output.slice(-4000)}`)
  return { scenarios: { [name]: output }, passed: Number(passed), failed: Number(failed) }
}

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...env },
      timeout: runMs,
    })
    let output = ''
    const take = (chunk: Buffer) => {
      if (output.length < outputMax) output += chunk.toString()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', reject)
    child.once('close', (_, signal) => (signal ? reject(new Error(`suite ended by ${signal}`)) : resolve(output)))
  })
}

function summaryOf(output: string): Summary {
  const block = output.slice(output.indexOf('=== SUMMARY ==='))
  const lines = [...block.matchAll(/^[✓✗] ([a-z0-9-]+): (.*)$/gmu)]
  const total = /^Total: (\d+) passed, (\d+) failed/mu.exec(block)
  if (total === null) throw new Error(`the suite printed no summary:\n${output.slice(-4000)}`)
  const scenarios = Object.fromEntries(lines.map(([, name = '', rest = '']) => [name, rest]))
  return { scenarios, passed: Number(total[1]), failed: Number(total[2]) }
}
