import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readable, startGateway } from '../fixtures/gateway.ts'
import type { Rpc } from '../fixtures/scripted-acts.ts'
import { httpTalker } from '../plays/http-talker.ts'
import { stdioTalker } from '../plays/stdio-talker.ts'
import { greet, type Talker, versions } from '../plays/talker.ts'
import type { Call } from './agent.ts'
import { type Office, type Service, services } from './services.ts'

/** What the agent hears of one call; asked means that a person would have been, and there was none. */
export type Heard = { readonly text: string; readonly end: 'done' | 'asked' | 'refused' }

/** A way to the five servers: each conversation is new to the gateway, the servers' own record is one. */
export type Line = {
  readonly name: string
  converse(work: string): Promise<Conversation>
  /** What the servers really carried out, oldest first. */
  carriedOut(): readonly Call[]
  close(): Promise<void>
}
export type Conversation = { call(call: Call): Promise<Heard>; close(): Promise<void> }

const program = join(dirname(fileURLToPath(import.meta.url)), 'office-server.ts')

type Desk = { readonly folder: string; readonly command: (service: Service) => string[]; readonly ledger: string }

function deskFor(office: Office): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-office-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const [path, records] = [join(folder, 'office.json'), join(folder, 'records')]
  mkdirSync(records)
  writeFileSync(path, JSON.stringify(office))
  const ledger = join(records, 'ledger.jsonl')
  writeFileSync(ledger, '')
  return { folder, ledger, command: service => [process.execPath, program, service, path, ledger] }
}

const carriedOut = ({ ledger }: Desk): Call[] =>
  readFileSync(ledger, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))

/** The agent and the servers, nobody between them. */
export async function directLine(office: Office): Promise<Line> {
  const desk = deskFor(office)
  const talkers = new Map<Service, Talker>()
  for (const service of services) {
    const talker = stdioTalker(desk.command(service), 'legacy', { answer: () => ({}) })
    await greet(talker)
    talkers.set(service, talker)
  }
  return {
    name: 'without a gateway',
    carriedOut: () => carriedOut(desk),
    async converse() {
      return { call: each => said(talkers.get(each.service), each.tool, each.args), close: async () => {} }
    },
    async close() {
      for (const talker of talkers.values()) await talker.close()
      rmSync(desk.folder, { recursive: true, force: true })
    },
  }
}

export type Setup = { readonly name: string; readonly config?: Rpc; readonly settings?: Partial<Record<Service, Rpc>> }

/** The real gateway, its guards on, each server in its sandbox. */
export async function guardedLine(office: Office, { name, config = {}, settings = {} }: Setup): Promise<Line> {
  const desk = deskFor(office)
  const configured = services.map(service => [
    service,
    {
      command: desk.command(service),
      why: 'an office for plays',
      permissions: {
        files: { read: [...readable, desk.folder], write: [dirname(desk.ledger)] },
        limits: { pids: 64, memoryMiB: 1024 },
      },
      ...settings[service],
    },
  ])
  const gateway = await startGateway({ config: { version: 1, ...config, servers: Object.fromEntries(configured) } })
  return {
    name,
    carriedOut: () => carriedOut(desk),
    async converse(work) {
      const talker = httpTalker(gateway.url, 'legacy', { answer: () => ({}), token: gateway.token })
      await begin(talker, work)
      await talker.request('tools/list')
      return {
        call: ({ service, tool, args }) => said(talker, `${service}__${tool}`, args),
        close: () => talker.close(),
      }
    },
    async close() {
      await gateway.stop()
      rmSync(desk.folder, { recursive: true, force: true })
    },
  }
}

async function said(talker: Talker | undefined, name: string, args: Rpc): Promise<Heard> {
  if (talker === undefined) throw new Error(`no server for ${name}`)
  const { answer } = await talker.request('tools/call', { name, arguments: args })
  const content = (answer['result'] as Rpc | undefined)?.['content'] as readonly { text?: string }[] | undefined
  return { text: content?.map(({ text }) => text ?? '').join('\n') ?? JSON.stringify(answer), end: endOf(answer) }
}

function endOf(answer: Rpc): Heard['end'] {
  const text = JSON.stringify(answer)
  const decision = /"dev\.sallyport\/decision":\{"verdict":"(?<verdict>\w+)"/u.exec(text)?.groups?.['verdict']
  if (decision === 'ask') return 'asked'
  return decision !== undefined || 'error' in answer ? 'refused' : 'done'
}

/** A piece of work of its own: what one case read must not count against the next. */
async function begin(talker: Talker, work: string): Promise<void> {
  const clientInfo = { name: 'obedient', version: '1.0.0' }
  const params = {
    protocolVersion: versions.legacy,
    capabilities: {},
    clientInfo,
    _meta: { 'dev.sallyport/work': work },
  }
  await talker.request('initialize', params)
  await talker.notify('notifications/initialized')
}
