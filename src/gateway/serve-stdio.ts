import { printable } from '../audit/printable.ts'
import type { Config } from '../config/config.ts'
import type { SandboxTier } from '../core/launch.ts'
import { serveStdio } from '../wire/stdio-face.ts'
import { openStdio } from '../wire/stdio-streams.ts'
import { assemble, frameLimits, localPrincipal } from './assemble.ts'
import type { Grants } from './document-line.ts'
import { hintFor } from './launcher.ts'
import { nobody } from './nobody.ts'
import { openPorts } from './open-ports.ts'
import { boundYoungHeap } from './young-heap.ts'

export type StdioService = {
  readonly config: Config
  readonly accept: readonly SandboxTier[]
  /** The piece of work, where the client's configuration names it. */
  readonly work?: string
  /** The client is there for these servers alone: they start now, and not when one is first asked. */
  readonly startsEarly?: boolean
  /** Where a person would give a server more: in the configuration, unless there is none. */
  readonly grants?: Grants
  say(text: string): void
  /** Called once, with the way to put another configuration in force. */
  onReady?(reload: (next: Config) => Promise<void>): void
}

/** Serves one client on this process's own stdin and stdout until it goes away. Resolves with the exit code. */
export async function serveOverStdio({
  config,
  accept,
  work,
  startsEarly,
  grants = 'document',
  say,
  onReady,
}: StdioService): Promise<number> {
  const ports = openPorts({ config, accept, say, grants })
  const principal = localPrincipal()
  const gateway = assemble(config, {
    ...ports,
    approval: nobody,
    face: 'stdio',
    ...(work === undefined ? {} : { work }),
    started: conversation => void conversation.outbox.attach(frame => face.send(frame)),
    onState: (server, state) => {
      ports.recordState(server, state)
      if (state.kind === 'broken') say(`${server}: ${state.why}${hintFor(config.servers.get(server), state)}`)
    },
    onOddity: (server, what) => {
      ports.recordOddity(server, what)
      // Its own line in somebody's terminal or log: a server draws nothing there and forges no second line.
      if (what.code === 'stderr') say(`${server ?? 'client'}: ${printable(what.sample)}`)
    },
  })
  const client = { ...openStdio(), connection: 'stdio' }
  // The first look at a message takes as long as a server takes to get ready: side by side they take half.
  let begun = startsEarly === true ? gateway.startEarly(principal) : undefined
  void begun?.then(() => {
    begun = undefined
  })
  const events = {
    accept(exchange: Parameters<typeof gateway.hub.accept>[0]) {
      const accept = () => gateway.hub.accept({ ...exchange, principal })
      return begun === undefined ? accept() : begun.then(accept)
    },
    oddity: (what: Parameters<typeof ports.recordOddity>[1]) => ports.recordOddity(undefined, what),
  }
  const face = serveStdio(client, events, frameLimits)
  boundYoungHeap()
  onReady?.(next => gateway.reload(next))
  const stop = (signal: string) => face.close(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop)
  await face.closed
  await gateway.close()
  await ports.close()
  return 0
}
