import { randomBytes, randomUUID } from 'node:crypto'
import type { Config, ServerConfig } from '../config/config.ts'
import { localTenant, type Principal, type ServerName } from '../core/brand.ts'
import type { Tool } from '../core/capability.ts'
import type { PinPort } from '../core/pin.ts'
import { pipelineOf } from '../core/pipeline.ts'
import type { ApprovalPort, AuditPort, SessionPort } from '../core/port.ts'
import { guards } from '../guards/index.ts'
import { deadlineMs, type TimeoutOptions, timesOf } from '../guards/timeout.ts'
import { decide } from '../policy/decide.ts'
import type { WireOddity } from '../wire/link.ts'
import { type Catalog, newCatalog } from './catalog.ts'
import type { Conversation } from './conversation.ts'
import { type HeadStart, withHeadStarts } from './head-start.ts'
import { newHeavyWorkers } from './heavy.ts'
import { type Hub, newHub } from './hub.ts'
import type { Desk, Matter, Rules, Ruling } from './judge.ts'
import type { KeptState } from './kept-state.ts'
import type { Launcher } from './launcher.ts'
import { lazyModel } from './lazy-model.ts'
import { newMaskVault } from './mask-vault.ts'
import { pinSubject } from './pin-subject.ts'
import { recordOf } from './record.ts'
import { newRestStore } from './rest.ts'
import { setupsOf } from './server-setup.ts'
import { newSharedMemory } from './shared-memory.ts'
import { newTaskRegister } from './task-register.ts'
import type { UpstreamState } from './upstream.ts'
import { warmUp } from './warm-up.ts'
import type { WithheldStore } from './withheld-store.ts'
import { openWork, type Work } from './work.ts'

export type AssemblyParts = {
  readonly audit: AuditPort
  readonly sessions: SessionPort
  readonly pins: PinPort
  /** What guards and the gateway know beyond sessions; without it a restart forgets it. */
  readonly kept?: Pick<KeptState, 'tasks' | 'shared'>
  readonly approval: ApprovalPort
  readonly launcher: Launcher
  /** Where answers wait that policy withholds. */
  readonly withheld?: WithheldStore
  /** Which kind of client is served: over HTTP a link to the only server shows that server's own sessions. */
  readonly face: 'http' | 'stdio'
  /** The piece of work that this gateway's clients belong to, where it was named from outside. */
  readonly work?: string
  /** Servers that were begun before the gateway was; what nobody asks for is ended with it. */
  readonly early?: ReadonlyMap<ServerName, HeadStart>
  started?(conversation: Conversation): void
  /** Told of everything that was decided, after it was recorded. */
  onRuling?(ruling: Ruling): void
  onState?(server: ServerName, state: UpstreamState): void
  onOddity?(server: ServerName | undefined, what: WireOddity): void
  /** Told of each whole list of tools, as it passed the guards. */
  onListed?(server: ServerName, tools: readonly Tool[]): void
}

/** A gateway ready for clients. */
export type Assembly = {
  readonly hub: Hub
  readonly catalog: Catalog
  readonly config: () => Config
  /** Puts a new configuration in force. Connections stay; servers that changed are started anew on their next use. */
  reload(config: Config): Promise<void>
  /** Lets the guards read something harmless while a server gets ready. */
  warmUp(): void
  close(): Promise<void>
}

/** Sessions that one gateway keeps; what a client of an ended one sees is 404, and it starts a new one. */
const conversationsMax = 10_000
const conversationIdleMs = 30 * 60_000

/** Joins a configuration and the ports into a gateway. */
export function assemble(first: Config, parts: AssemblyParts): Assembly {
  let config = first
  let rules = rulesOf(first)
  const early = parts.early ?? new Map<ServerName, HeadStart>()
  let setups = withHeadStarts(setupsOf(first.servers, parts), early)
  let isOver = false
  const heavy = newHeavyWorkers(first.guards)
  const catalog = newCatalog({ onListed: (server, tools) => parts.onListed?.(server, tools) })
  const shared = newSharedMemory(parts.kept?.shared)
  const model = lazyModel(() => config.model, parts.audit)
  model.follow()
  const desk = deskOf(parts, { catalog, shared, heavy, model, rules: () => rules })
  const hub = newHub({
    desk,
    servers: () => setups,
    isAlone: () => config.servers.size === 1,
    workFor: opener(parts, () => config),
    onState: (server, state) => parts.onState?.(server, state),
    oddity: (server, what) => parts.onOddity?.(server, what),
    started: conversation => parts.started?.(conversation),
    idleMs: conversationIdleMs,
    conversationsMax,
  })
  return {
    hub,
    catalog,
    config: () => config,
    async reload(next) {
      const changed = changedServers(config, next)
      config = next
      rules = rulesOf(next)
      setups = setupsOf(next.servers, parts)
      heavy.configure(next.guards)
      model.follow()
      for (const server of changed) catalog.forget(server)
      // Nobody can ask any more for what was begun and not asked for: these are the setups of before.
      await Promise.all([hub.pool.drop(changed), ...[...early.values()].map(one => one.close())])
      hub.announceChange()
    },
    warmUp: () => void warmUp(rules.pipeline, () => isOver),
    async close() {
      isOver = true
      await hub.close()
      await Promise.all([...early.values()].map(one => one.close()))
      await heavy.close()
      shared.flush()
      await model.close()
    },
  }
}

type Furniture = Pick<Desk, 'catalog' | 'shared' | 'rules'> & {
  readonly heavy: ReturnType<typeof newHeavyWorkers>
  readonly model: ReturnType<typeof lazyModel>
}

function deskOf(parts: AssemblyParts, { catalog, shared, heavy, model, rules }: Furniture): Desk {
  return {
    tenant: localTenant,
    catalog,
    approval: parts.approval,
    shared,
    tasks: newTaskRegister(parts.kept?.tasks),
    pins: parts.pins,
    rules,
    record: (ruling, matter) => record(parts, ruling, matter),
    inspectFar: (message, scene) => heavy.inspect(message, scene),
    rests: newRestStore(),
    masks: newMaskVault(randomBytes(32)),
    model: model.seat,
    ...(parts.withheld === undefined ? {} : { withheld: parts.withheld }),
    newId: messageIds(),
    now: Date.now,
  }
}

type Client = { readonly principal: Principal; readonly client: string; readonly name: string | undefined }

function opener(parts: AssemblyParts, config: () => Config): (client: Client) => Work {
  return ({ principal, client, name }) => {
    const key = {
      tenant: localTenant,
      principal,
      client,
      name: name ?? parts.work ?? client,
      // Both are read when they are needed: whoever lost a role in a reload has lost it in the open sessions, too.
      get labelsHold() {
        return config().sessions.labels
      },
      get role() {
        return config().principals.get(principal)?.role ?? 'default'
      },
    }
    return openWork(parts.sessions, key, Date.now())
  }
}

function rulesOf(config: Config): Rules {
  const pipeline = pipelineOf(guards, config.guards)
  const timeout = config.guards['timeout']
  const times = isTimeout(timeout)
    ? (server: ServerName, tool: string) => timesOf(timeout, server, tool)
    : () => forever
  return {
    pipeline,
    decide: (message, { findings, scene }) => decide(config.policy, { message, findings, scene }),
    pinSubjectOf: server => pinSubject(config.servers.get(server), server),
    traitsOf: server => config.servers.get(server)?.traits ?? { writers: 'unknown' },
    deadlineMs: ({ server, tool }, startedMs, progressMs) => deadlineMs(startedMs, progressMs, times(server, tool)),
  }
}

function isTimeout(options: unknown): options is TimeoutOptions {
  return typeof options === 'object' && options !== null && 'timeoutMs' in options && 'tools' in options
}

/** With the timeout guard switched off, a day. */
const forever: Times = { timeoutMs: 86_400_000, stretchedMs: 86_400_000 }
type Times = { readonly timeoutMs: number; readonly stretchedMs: number }

function changedServers(before: Config, after: Config): ServerName[] {
  const names = new Set([...before.servers.keys(), ...after.servers.keys()])
  return [...names].filter(name => describe(before.servers.get(name)) !== describe(after.servers.get(name)))
}

/** What a running server depends on; a secret is described by where it comes from. */
function describe(server: ServerConfig | undefined): string {
  if (server === undefined) return ''
  const { connect, permissions, settings } = server
  const values = connect.kind === 'command' ? [...connect.env] : [...connect.headers]
  return JSON.stringify([connect, values, permissions, settings.isEnabled, settings.allowPrivate])
}

function record(parts: AssemblyParts, ruling: Ruling, matter: Matter): void | Promise<void> {
  const event = recordOf(ruling, matter)
  const done = event === undefined ? undefined : parts.audit.append(event)
  const { onRuling } = parts
  if (onRuling === undefined) return done
  if (done !== undefined) return done.then(() => onRuling(ruling))
  onRuling(ruling)
}

/** Ids that no other process start uses: a random beginning, and a count. */
function messageIds(): () => string {
  const start = randomUUID().slice(0, 8)
  let count = 0
  return () => `${start}-${(count++).toString(36)}`
}
