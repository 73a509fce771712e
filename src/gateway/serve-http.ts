import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Principal, ServerName } from '../core/brand.ts'
import type { SandboxTier } from '../core/launch.ts'
import { serveHttp } from '../wire/http-face.ts'
import { type Assembly, assemble } from './assemble.ts'
import type { Ruling } from './judge.ts'
import { localPrincipal } from './local-principal.ts'
import { nobody } from './nobody.ts'
import { openPorts, type Ports } from './open-ports.ts'
import { localToken } from './token.ts'
import { openTokenBook } from './token-book.ts'
import type { UpstreamState } from './upstream.ts'
import { compileWasmOnce } from './wasm-tier.ts'
import { boundYoungHeap } from './young-heap.ts'

export type HttpService = {
  readonly config: Config
  readonly accept: readonly SandboxTier[]
  readonly port?: number
  say(text: string): void
  onRuling?(ruling: Ruling): void
  onState?(server: ServerName, state: UpstreamState): void
}

export type RunningService = {
  readonly url: string
  /** The bearer token of this machine's user. */
  readonly token: string
  readonly tokenFile: string
  reload(config: Config): Promise<void>
  close(): Promise<void>
}

/** Serves all configured servers as one Streamable HTTP endpoint on loopback. */
export async function serveOverHttp(service: HttpService): Promise<RunningService> {
  const { config, accept, say } = service
  // Before any thread is started: one that runs a model takes part of it back.
  compileWasmOnce()
  const ports = openPorts({ config, accept, say })
  try {
    return await serve(service, ports)
  } catch (cause) {
    // The record gets its end: a port that is taken must not look like a gateway that was killed.
    await ports.close()
    throw cause
  }
}

async function serve(service: HttpService, ports: Ports): Promise<RunningService> {
  const { config, say } = service
  const tokenFile = join(ports.folder, 'token')
  const token = localToken(tokenFile)
  const tokens = await openTokenBook(config, { local: token, say })
  const gateway = assemble(config, {
    ...ports,
    approval: nobody,
    face: 'http',
    onState: (server, state) => {
      ports.recordState(server, state)
      service.onState?.(server, state)
    },
    onOddity: ports.recordOddity,
    onRuling(ruling) {
      ports.onRuling(ruling)
      service.onRuling?.(ruling)
    },
  })
  const face = await serveHttp({
    host: config.gateway.host,
    port: service.port ?? config.gateway.port,
    path: config.gateway.path,
    hosts: config.gateway.hosts,
    origins: config.gateway.origins,
    authenticate: headers => tokens.check(headers.authorization) ?? anyone(gateway),
    challenge: 'Bearer realm="sallyport"',
    handle: exchange => gateway.hub.accept(exchange),
    listen: stream => gateway.hub.listen(stream),
    finish: farewell => gateway.hub.finish(farewell),
    schemaOf: (tool, principal) => schemaOf(gateway, tool, principal),
    oddity: what => ports.recordOddity(undefined, what),
    failed: cause => say(`internal error: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`),
  }).catch(async (cause: unknown) => {
    tokens.close()
    await gateway.close()
    throw cause
  })
  boundYoungHeap()
  return {
    url: face.url,
    token,
    tokenFile,
    async reload(next) {
      await tokens.follow(next)
      await gateway.reload(next)
    },
    async close() {
      await face.close()
      tokens.close()
      await gateway.close()
      await ports.close()
    },
  }
}

/** Where tokens are switched off, whoever reaches loopback is this machine's user. */
function anyone({ config }: Assembly): { principal: Principal } | undefined {
  return config().gateway.requireToken ? undefined : { principal: localPrincipal() }
}

/** The schema of a tool under the name that stands in the body: the server's own name when there is one server. */
function schemaOf({ catalog, config }: Assembly, tool: string, principal: Principal) {
  const servers = [...config().servers.keys()]
  for (const server of servers) {
    const prefix = servers.length === 1 ? '' : `${server}__`
    if (!tool.startsWith(prefix)) continue
    const schema = catalog.offerOf({ server, principal }).tools.get(tool.slice(prefix.length))?.definition[
      'inputSchema'
    ]
    if (schema !== undefined) return schema
  }
  return undefined
}
