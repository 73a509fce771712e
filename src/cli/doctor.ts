import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { request } from 'undici'
import { checkAuditFolder } from '../audit/folder-check.ts'
import { auditQuery } from '../audit/query.ts'
import { redactText } from '../audit/redact.ts'
import { auditVerify } from '../audit/verify.ts'
import { configOf } from '../config/load.ts'
import { problemLine } from '../config/problem.ts'
import { localTenant } from '../core/brand.ts'
import { type SandboxTier, sandboxTiers } from '../core/launch.ts'
import { type RunningService, serveOverHttp } from '../gateway/serve-http.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { guards } from '../guards/index.ts'
import { probeMachine } from '../sandbox/probe.ts'
import { shortLivedFolder } from '../store/short-lived-folder.ts'
import { ageOf, watchAdvisories } from '../trust/advisory-watch.ts'
import { readLock } from '../trust/lock-file.ts'
import { lockPath } from '../trust/store-change.ts'
import { auditFolder } from './audit-folder.ts'
import type { ExitCode } from './program.ts'
import { tiersOf } from './sandbox-tiers.ts'
import { print, printJson } from './say.ts'

/** `sallyport doctor`: proves on this machine, through the real path, that what is denied is denied. */
export function addDoctor(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('doctor')
    .description('prove on this machine, through the real path, that a denied call is denied')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const checks = await examine()
      if (json === true) printJson(checks)
      else
        for (const { name, state, detail } of checks)
          print(`${marks[state]} ${name}${detail === '' ? '' : `: ${detail}`}`)
      done(checks.some(({ state }) => state === 'failed') ? 1 : 0)
    })
}

/** `unknown` is never shown as a tick: it means that nobody could ask. */
export type Check = { readonly name: string; readonly state: 'passed' | 'failed' | 'unknown'; readonly detail: string }
const marks = { passed: '✓', failed: '✗', unknown: '?' } as const

export async function examine(): Promise<Check[]> {
  const sandbox = await checkSandbox()
  const standing = [sandbox, ...(await checkTools()), await checkRecord(), checkAdvisories()]
  const { path: folder, remove } = shortLivedFolder('sallyport-doctor-')
  const kept = process.env['SALLYPORT_STATE']
  process.env['SALLYPORT_STATE'] = folder
  try {
    return [...standing, ...(await checkPath(folder, sandbox.state === 'passed' ? ['full'] : sandboxTiers))]
  } catch (cause) {
    return [
      ...standing,
      { name: 'the gateway starts', state: 'failed', detail: cause instanceof Error ? cause.message : String(cause) },
    ]
  } finally {
    if (kept === undefined) delete process.env['SALLYPORT_STATE']
    else process.env['SALLYPORT_STATE'] = kept
    remove()
  }
}

async function checkSandbox(): Promise<Check> {
  const machine = await probeMachine()
  const { bubblewrap } = machine
  const name = 'servers can be sandboxed in full'
  if (bubblewrap.ok) return { name, state: 'passed', detail: `tier full, by bubblewrap ${bubblewrap.version}` }
  const weaker = tiersOf(machine).filter(({ ok }) => ok)
  const left = weaker.map(({ tier, why }) => `${tier} (${why})`).join('; ')
  const others = left === '' ? 'no other tier can be had' : `weaker tiers that a server may be given: ${left}`
  const detail = `${bubblewrap.reason}: ${bubblewrap.detail}. ${bubblewrap.wayOut}; ${others}`
  return { name, state: 'failed', detail }
}

/** What only some servers and commands need: that it lacks is known before one of them is wanted. */
async function checkTools(): Promise<Check[]> {
  if (process.platform !== 'linux') return []
  const { openEgress } = await import('../egress/egress.ts')
  const { toolPath } = await import('../egress/tool.ts')
  const network = 'servers that declare hosts get a network in which each dial is judged'
  const egress = openEgress({ tenant: localTenant, record: () => undefined, redact: redactText, ready: 1 })
  const made = await tried(network, async () => egress.warm().finally(() => egress.close()))
  const watching = await tried('sandbox learn and drift can watch a server', async () => void toolPath('strace'))
  // Nothing that runs needs it.
  return [made, watching.state === 'failed' ? { ...watching, state: 'unknown' } : watching]
}

async function tried(name: string, act: () => Promise<void>): Promise<Check> {
  try {
    await act()
    return { name, state: 'passed', detail: '' }
  } catch (cause) {
    return { name, state: 'failed', detail: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** The gateway that is played below writes elsewhere: the folder that counts is the one of this user's configuration. */
async function checkRecord(): Promise<Check> {
  const name = 'the record can be written'
  try {
    const { isFine, detail } = checkAuditFolder(await auditFolder())
    return { name, state: isFine ? 'passed' : 'failed', detail }
  } catch (cause) {
    return { name, state: 'failed', detail: cause instanceof Error ? cause.message : String(cause) }
  }
}

/** Asks nobody: what is known here, and how old it is. Not known is not fine. */
function checkAdvisories(): Check {
  const name = 'no stored server has a published flaw'
  try {
    return advisoriesIn(join(stateFolder(), 'packages'), name)
  } catch (cause) {
    return { name, state: 'unknown', detail: cause instanceof Error ? cause.message : String(cause) }
  }
}

function advisoriesIn(root: string, name: string): Check {
  const reading = readLock(lockPath(root))
  if (!reading.ok) return { name, state: 'failed', detail: `${reading.reason}. ${reading.wayOut}` }
  const now = Date.now()
  const watched = watchAdvisories(reading.lock, root, now)
  const [age, wayOut] = [ageOf(root, now), 'sallyport server advisories --update']
  const affected = watched.filter(({ check: { state } }) => state === 'affected')
  const flaws = affected.map(({ server, check: { found } }) => `${server} (${found.map(({ id }) => id).join(', ')})`)
  if (flaws.length > 0) return { name, state: 'failed', detail: `${flaws.join('; ')}; ${age}` }
  const unknown = watched.filter(({ check: { state } }) => state === 'unknown').map(({ server }) => server)
  if (unknown.length > 0)
    return { name, state: 'unknown', detail: `not known of ${unknown.join(', ')}, since ${age}; ${wayOut}` }
  return { name, state: 'passed', detail: watched.length === 0 ? 'none is stored' : age }
}

async function checkPath(folder: string, accept: readonly SandboxTier[]): Promise<Check[]> {
  const loaded = await configOf([{ path: join(folder, 'doctor.yaml'), layer: 'user', text: configText() }], guards)
  if (!loaded.ok) throw new Error(loaded.problems.map(problemLine).join('; '))
  const service = await serveOverHttp({ config: loaded.config, accept, port: 0, say: () => {} })
  try {
    return await play(service, folder)
  } finally {
    await service.close()
  }
}

function configText(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const server = fileURLToPath(new URL(`./doctor-server.${extension}`, import.meta.url))
  return JSON.stringify({
    version: 1,
    servers: {
      doctor: { command: [process.execPath, server], why: 'the doctor', permissions: { files: { read: [server] } } },
    },
    policy: [{ name: 'deny', match: { tool: 'delete_*' }, ...{ then: 'block' }, reason: 'the doctor denies it' }],
  })
}

async function play(service: RunningService, folder: string): Promise<Check[]> {
  const stranger = await post({ ...service, token: 'spt_a-token-that-nobody-was-given' }, 'initialize', greeting)
  const { session } = await post(service, 'initialize', greeting)
  const call = (name: string) => post({ ...service, session }, 'tools/call', { name, arguments: {} })
  const allowed = await call('read_count')
  const denied = await call('delete_everything')
  const after = await call('read_count')
  const records = []
  for await (const record of auditQuery(join(folder, 'audit'), { filter: { verdict: 'block' } })) records.push(record)
  const report = await auditVerify(join(folder, 'audit'))
  return [
    check('a client without the token is turned away', stranger.status === 401, `HTTP ${stranger.status}`),
    check('an allowed call reaches its server', allowed.body.includes('read_count'), ''),
    check(
      'a denied call is refused',
      denied.body.includes('the doctor denies it') || denied.body.includes('The doctor denies it'),
      '',
    ),
    check(
      'a denied call never reaches its server',
      after.body.includes('read_count') && !after.body.includes('delete_everything'),
      '',
    ),
    check(
      'the refusal is on record',
      records.some(({ details }) => details['tool'] === 'delete_everything'),
      '',
    ),
    check('the record is intact', report.isIntact, `${report.records} records`),
  ]
}

function check(name: string, isFine: boolean, detail: string): Check {
  return { name, state: isFine ? 'passed' : 'failed', detail }
}

const greeting = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'doctor', version: '1' } }

type Posted = { readonly status: number; readonly session: string | undefined; readonly body: string }

type Target = Pick<RunningService, 'url' | 'token'> & { readonly session?: string | undefined }

async function post({ url, token, session }: Target, method: string, params: object): Promise<Posted> {
  const { statusCode, headers, body } = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const id = headers['mcp-session-id']
  return { status: statusCode, session: typeof id === 'string' ? id : undefined, body: await body.text() }
}
