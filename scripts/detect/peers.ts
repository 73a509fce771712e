import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A detector that somebody else made: whether it raises anything on a text. */
export type Peer = {
  readonly name: string
  /** Longer texts are cut: some take seconds for a page. */
  readonly unitsMax: number
  readonly kinds: readonly ('response' | 'description')[]
  readonly flags: (text: string) => Promise<boolean>
}
export type Absent = { readonly name: string; readonly skipped: string }

const folder = join(dirname(fileURLToPath(import.meta.url)), 'peers')
const installMs = 300_000
const both = ['response', 'description'] as const

/** The peers that run offline, pinned by a lockfile of their own; one that cannot be had says why. */
export async function peers(): Promise<readonly (Peer | Absent)[]> {
  const why = install()
  const makers: Readonly<Record<string, () => Promise<Peer>>> = {
    '@andersmyrmel/vard 1.2.0': vard,
    'llm_guardrail 2.1.2 (injection)': guardrail,
    'agent-security-scanner-mcp 4.5.9': scanner,
    'agentaudit 3.14.0 (tool poisoning)': agentaudit,
  }
  const found = Object.entries(makers).map(async ([name, make]) => {
    if (why !== undefined) return { name, skipped: why }
    return make().catch((cause: unknown) => ({ name, skipped: String(cause).slice(0, 120) }))
  })
  return [fivePatterns, ...(await Promise.all(found))]
}

function install(): string | undefined {
  if (existsSync(join(folder, 'node_modules', 'agentaudit', 'package.json'))) return undefined
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder]
  const done = spawnSync('npm', words, { encoding: 'utf8', timeout: installMs })
  return done.status === 0 ? undefined : `npm ci failed: ${String(done.stderr).trim().slice(-120)}`
}

const from = (path: string) => import(pathToFileURL(join(folder, 'node_modules', path)).href)

const patterns = [
  /\[SYSTEM:.*?\]/iu,
  /\[INSTRUCTION:.*?\]/iu,
  /ignore (all )?(previous|prior) instructions/iu,
  /you (must|should|need to) (now|immediately)/iu,
  /do not (tell|inform|mention|alert) the user/iu,
]

const fivePatterns: Peer = {
  name: 'five patterns of the guide',
  unitsMax: 100_000,
  kinds: both,
  flags: async text => patterns.some(pattern => pattern.test(text)),
}

async function vard(): Promise<Peer> {
  const { default: check } = await from('@andersmyrmel/vard/dist/index.js')
  return {
    name: '@andersmyrmel/vard 1.2.0',
    unitsMax: 10_000,
    kinds: both,
    flags: async text => !check.safe(text).safe,
  }
}

async function guardrail(): Promise<Peer> {
  const { checkInjection } = await from('llm_guardrail/index.js')
  return {
    name: 'llm_guardrail 2.1.2 (injection)',
    unitsMax: 1500,
    kinds: both,
    flags: async text => (await checkInjection(text)).detected,
  }
}

async function scanner(): Promise<Peer> {
  const { scanAgentPrompt } = await from('agent-security-scanner-mcp/src/tools/scan-prompt.js')
  return {
    name: 'agent-security-scanner-mcp 4.5.9',
    unitsMax: 4000,
    kinds: both,
    flags: async text => {
      const { content } = await scanAgentPrompt({ prompt_text: text, verbosity: 'minimal' })
      return JSON.parse(content[0].text).findings_count > 0
    },
  }
}

async function agentaudit(): Promise<Peer> {
  const { scanTools } = await from('agentaudit/tool-poisoning-detector.mjs')
  return {
    name: 'agentaudit 3.14.0 (tool poisoning)',
    unitsMax: 10_000,
    kinds: ['description'],
    flags: async text => scanTools([{ name: 'tool', description: text, inputSchema: {} }]).findings.length > 0,
  }
}
