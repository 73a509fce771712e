import type { Config } from '../config/config.ts'
import type { ServerName } from '../core/brand.ts'
import { serveStdio } from '../wire/stdio-face.ts'
import { openStdio } from '../wire/stdio-streams.ts'
import { assemble } from './assemble.ts'
import type { HeadStart } from './head-start.ts'
import { hintFor } from './launcher.ts'
import { localPrincipal } from './local-principal.ts'
import { nobody } from './nobody.ts'
import type { Ports } from './open-ports.ts'
import { frameLimits } from './server-setup.ts'
import { tellOddity } from './tell-oddity.ts'
import { compileWasmOnce } from './wasm-tier.ts'
import { boundYoungHeap } from './young-heap.ts'

export type StdioService = {
  readonly config: Config
  readonly ports: Ports
  /** The piece of work, where the client's configuration names it. */
  readonly work?: string
  /** Servers that the client is there for alone, and that were begun before anybody asked. */
  readonly early?: ReadonlyMap<ServerName, HeadStart>
  say(text: string): void
  /** Called once, with the way to put another configuration in force. */
  onReady?(reload: (next: Config) => Promise<void>): void
}

/** Serves one client on this process's own stdin and stdout until it goes away. Resolves with the exit code. */
export async function serveOverStdio({ config, ports, work, early, say, onReady }: StdioService): Promise<number> {
  // Before any thread is started: one that runs a model takes part of it back.
  compileWasmOnce()
  const principal = localPrincipal()
  const gateway = assemble(config, {
    ...ports,
    approval: nobody,
    face: 'stdio',
    ...(work === undefined ? {} : { work }),
    ...(early === undefined ? {} : { early }),
    started: conversation => void conversation.outbox.attach(frame => face.send(frame)),
    onState: (server, state) => {
      ports.recordState(server, state)
      if (state.kind === 'broken') say(`${server}: ${state.why}${hintFor(config.servers.get(server), state)}`)
    },
    onOddity: tellOddity(ports, say),
  })
  const client = { ...openStdio(), connection: 'stdio' }
  const events = {
    accept: (exchange: Parameters<typeof gateway.hub.accept>[0]) => gateway.hub.accept({ ...exchange, principal }),
    oddity: (what: Parameters<typeof ports.recordOddity>[1]) => ports.recordOddity(undefined, what),
  }
  const face = serveStdio(client, events, frameLimits)
  boundYoungHeap()
  // The first look at a message takes as long as a server takes to get ready: side by side they take half.
  if (early !== undefined) gateway.warmUp()
  onReady?.(next => gateway.reload(next))
  const stop = (signal: string) => face.close(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  await face.closed
  await gateway.close()
  return 0
}
