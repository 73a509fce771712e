import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createRawServer } from 'node:net'
import { dirname, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ServerConfig } from '../../src/config/config.ts'
import { type Secret, secretOf } from '../../src/config/secret.ts'
import { serverOptions } from '../../src/config/settings.ts'
import { localTenant, type Redacted, type ServerName } from '../../src/core/brand.ts'
import { defaultsOf } from '../../src/core/option.ts'
import type { AuditEvent } from '../../src/core/port.ts'
import { openEgress } from '../../src/egress/egress.ts'
import { type Launched, newLauncher } from '../../src/gateway/launcher.ts'
import { type PlayedCall, tryServer } from '../../src/gateway/try-server.ts'
import { newNpmFetch } from '../../src/trust/npm-fetch.ts'
import { npmSource } from '../../src/trust/npm-package.ts'
import { storePackage } from '../../src/trust/package-store.ts'
import { skip } from '../attacks/sandbox/play.ts'
import { temporaryFolder } from '../temporary.ts'
import { startPostgres } from './postgres.ts'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
/** Kept between runs: the packages are the same, to the byte. */
const store = join(root, '.cache', 'presets')

type Played = { readonly tools: readonly string[]; readonly answers: readonly string[]; readonly launched: Launched }
type Part = {
  readonly command: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
  readonly calls?: readonly PlayedCall[]
  /** Where every name leads to. */
  readonly address?: string
  readonly allowPrivate?: boolean
}

/** Starts a server as the gateway does when nothing is said of its permissions, and plays with it. */
async function played(name: string, part: Part): Promise<Played & { readonly dials: readonly string[] }> {
  const events: AuditEvent[] = []
  const egress = openEgress({
    tenant: localTenant,
    record: event => void events.push(event),
    redact: text => text as Redacted,
    resolve: async () => [part.address ?? '127.0.0.1'],
    mayBePrivate: () => true,
  })
  const launcher = newLauncher({ stateFolder: temporaryFolder(), packagesFolder: store, accept: ['full'], egress })
  const server: ServerConfig = {
    name: name as ServerName,
    connect: { kind: 'command', command: part.command, cwd: temporaryFolder(), env: secrets(part.env ?? {}) },
    traits: { writers: 'unknown' },
    settings: { ...defaultsOf(serverOptions), allowPrivate: part.allowPrivate === true },
    effects: new Map(),
    permissions: undefined,
  }
  const launched = await launcher(server)
  try {
    const trial = await tryServer(launched.launch, part.calls ?? [])
    assert.ok(trial.ok, JSON.stringify(trial))
    const dials = events
      .filter(({ details }) => details['what'] === 'dial')
      .map(({ details: { host, port, verdict, greeting = '' } }) => `${verdict} ${host}:${port} ${greeting}`.trim())
    const answers = trial.answers.map(answer => JSON.stringify(answer))
    return { tools: Object.keys(trial.surface['tools'] ?? {}), answers, launched, dials }
  } finally {
    await launched.release()
    await egress.close()
  }
}

/** The variable of the gateway that holds the credential is not the one that the server sees. */
function secrets(env: Readonly<Record<string, string>>): ReadonlyMap<string, Secret> {
  return new Map(
    Object.entries(env).map(([name, text]) => {
      process.env[`PRESET_TEST_${name}`] = text
      const made = secretOf(`\${env:PRESET_TEST_${name}}`, path => path)
      assert.ok(made.ok)
      return [name, made.secret]
    }),
  )
}

/** Installs the package once; says why a test is skipped where it cannot be had. */
async function isHad(t: TestContext, name: string, spec: string): Promise<boolean> {
  const stored = await storePackage({ name, spec }, npmSource(newNpmFetch()), { root: store })
  if (!stored.ok) t.skip(`${name} cannot be had here: ${stored.reason}`)
  return stored.ok
}

const scope = '@modelcontextprotocol/server-'
const apis = [
  {
    ...{ name: 'github', version: '2025.4.8', env: { GITHUB_PERSONAL_ACCESS_TOKEN: 'dummy' }, tools: 26 },
    ...{ host: 'api.github.com', call: { tool: 'search_repositories', arguments: { query: 'x' } } },
  },
  {
    ...{ name: 'slack', version: '2025.4.25', env: { SLACK_BOT_TOKEN: 'dummy', SLACK_TEAM_ID: 'T1' }, tools: 8 },
    ...{ host: 'slack.com', call: { tool: 'slack_list_channels', arguments: {} } },
  },
  {
    ...{ name: 'brave-search', version: '0.6.2', env: { BRAVE_API_KEY: 'dummy' }, tools: 2 },
    ...{ host: 'api.search.brave.com', call: { tool: 'brave_web_search', arguments: { query: 'x' } } },
  },
] as const

for (const { name, version, env, tools, host, call } of apis)
  test(`${name} starts from its preset with a secret by reference, lists its tools, and dials its one host`, {
    skip,
    timeout: 150_000,
  }, async t => {
    if (!(await isHad(t, `${scope}${name}`, version))) return
    const heard = await ownPort443(t)
    const command = ['npx', '-y', `${scope}${name}@${version}`] as const
    const found = await played(name, { command, env, calls: [call], address: heard.address })
    assert.equal(found.launched.launch.tier, 'full')
    assert.equal(found.launched.source, `preset ${scope}${name}`)
    assert.equal(found.tools.length, tools, found.tools.join())
    assert.ok(found.dials.every(dial => dial === `allow ${host}:443 tls`) && found.dials.length > 0, found.dials.join())
    if (heard.isOpen) assert.ok(heard.bytes().includes(host), 'what it said first names the host it was let to')
  })

/** Something that listens at the port of HTTPS, on an address of this machine alone; only root may open it. */
async function ownPort443(t: TestContext) {
  const address = '127.44.3.1'
  let bytes = ''
  const server = createRawServer(socket => {
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      bytes += chunk.toString('latin1')
      socket.destroy()
    })
  })
  const isOpen = await new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false)).listen(443, address, () => resolve(true))
  })
  t.after(() => server.close())
  return { address, isOpen, bytes: () => bytes }
}

test('postgres answers from a real database, and reaches nothing but it', { skip, timeout: 120_000 }, async t => {
  const database = await startPostgres(t)
  if (typeof database === 'string') return t.skip(database)
  const entry = join(root, 'node_modules', `${scope}postgres`, 'dist', 'index.js')
  const found = await played('postgres', {
    command: [process.execPath, entry, `postgresql://postgres@database.example:${database.port}/postgres`],
    calls: [{ tool: 'query', arguments: { sql: 'select 6 * 7 as answer' } }],
  })
  assert.equal(found.launched.source, `preset ${scope}postgres`)
  assert.match(found.answers.join(), /\\"answer\\": ?42/u)
  assert.deepEqual([...new Set(found.dials)], [`allow database.example:${database.port} other`])
})

const chromium = ['/usr/lib/chromium/chromium', '/usr/lib64/chromium-browser/chromium-browser'].find(existsSync)

test('puppeteer drives the browser inside: pages run, files and the network stay closed', {
  skip: skip || (chromium === undefined ? 'no Chromium under /usr (apt install chromium)' : false),
  timeout: 150_000,
}, async t => {
  if (!(await isHad(t, `${scope}puppeteer`, '2025.5.12'))) return
  const web = await listening(t)
  const go = (url: string) => ({ tool: 'puppeteer_navigate', arguments: { url } })
  const look = { tool: 'puppeteer_evaluate', arguments: { script: '6 * 7 + document.title' } }
  const calls = [
    go('data:text/html,<title>hello</title>'),
    look,
    go(`http://127.0.0.1:${web.port}/`),
    go('file:///etc'),
  ]
  const found = await played('puppeteer', { command: ['npx', '-y', `${scope}puppeteer@2025.5.12`], calls })
  assert.equal(found.launched.source, `preset ${scope}puppeteer`)
  const [first, second, third, fourth] = found.answers
  assert.match(first ?? '', /Navigated to/u)
  assert.match(second ?? '', /42hello/u)
  assert.match(third ?? '', /net::ERR_/u)
  assert.ok(!/Navigated/u.test(fourth ?? '') || !/passwd/u.test(fourth ?? ''), fourth)
  assert.equal(web.asked(), 0)
})

async function listening(t: TestContext): Promise<{ port: number; asked(): number }> {
  let asked = 0
  const server: Server = createServer((_, answer) => {
    asked++
    answer.end('here')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { port: (server.address() as AddressInfo).port, asked: () => asked }
}
