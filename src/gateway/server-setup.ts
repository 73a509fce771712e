import type { ServerConfig } from '../config/config.ts'
import type { ServerName } from '../core/brand.ts'
import { type Link, LinkError, type LinkEvents } from '../wire/link.ts'
import { openStdioLink } from '../wire/stdio-link.ts'
import { type Launcher, secretSources } from './launcher.ts'
import { startedAs } from './pin-subject.ts'
import type { ServerSetup } from './pool.ts'

export type SetupParts = {
  readonly launcher: Launcher
  /** Which kind of client is served: over HTTP a link to the only server shows that server's own sessions. */
  readonly face: 'http' | 'stdio'
}

export const frameLimits = { bytesMax: 32 * 1024 * 1024, depthMax: 64, inFlightMax: 1000, lingerMs: 5000 } as const

/** How each server that is switched on is opened. Needs none of what judges messages: a server can start before that is there. */
export function setupsOf(
  servers: ReadonlyMap<ServerName, ServerConfig>,
  parts: SetupParts,
): ReadonlyMap<ServerName, ServerSetup> {
  const enabled = [...servers.values()].filter(({ settings }) => settings.isEnabled)
  return new Map(
    enabled.map(server => {
      const isOnly = servers.size === 1
      const idleMs = parts.face === 'stdio' ? Number.POSITIVE_INFINITY : server.settings.idleMs
      const open = (events: LinkEvents) =>
        openServer(server, parts, { events, keepsSession: parts.face === 'stdio' || !isOnly })
      return [server.name, { kind: server.connect.kind === 'url' ? 'http' : 'stdio', idleMs, open }]
    }),
  )
}

type Opening = { readonly events: LinkEvents; readonly keepsSession: boolean }

async function openServer(server: ServerConfig, parts: SetupParts, { events, keepsSession }: Opening): Promise<Link> {
  const { connect, name, settings } = server
  if (connect.kind === 'url') {
    const headers: Record<string, string> = {}
    for (const [header, secret] of connect.headers) {
      const found = await secret.reveal(secretSources)
      if (!found.ok) throw new LinkError('unauthorized', `${name}: header ${header}: ${found.text}`)
      headers[header] = found.text
    }
    // Loaded only where a server has a URL: a gateway of local programs starts without an HTTP client.
    const { openDetectingLink } = await import('../wire/http-detect.ts')
    return openDetectingLink({ url: connect.url, headers, mayBePrivate: settings.allowPrivate, keepsSession }, events)
  }
  const { launch, release, artefact } = await parts.launcher(server)
  if (artefact !== undefined) startedAs(server, artefact)
  try {
    const link = await openStdioLink(launch, events, frameLimits)
    void link.closed.then(release)
    return link
  } catch (cause) {
    await release()
    throw cause
  }
}
