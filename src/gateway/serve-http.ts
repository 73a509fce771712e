import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Principal, ServerName } from '../core/brand.ts'
import type { SandboxTier } from '../core/launch.ts'
import { serveHttp } from '../wire/http-face.ts'
import { type Assembly, assemble } from './assemble.ts'
import type { Ruling } from './judge.ts'
import { secretSources } from './launcher.ts'
import { localPrincipal } from './local-principal.ts'
import { nobody } from './nobody.ts'
import { openPorts } from './open-ports.ts'
import { digestOf, type KnownToken, localToken, type TokenCheck, tokenCheck } from './token.ts'
import type { UpstreamState } from './upstream.ts'
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
  const ports = openPorts({ config, accept, say })
  const tokenFile = join(ports.folder, 'token')
  const token = localToken(tokenFile)
  let check = await tokensOf(config, token)
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
    authenticate: headers => check(headers.authorization) ?? anyone(gateway),
    challenge: 'Bearer realm="sallyport"',
    handle: exchange => gateway.hub.accept(exchange),
    listen: stream => gateway.hub.listen(stream),
    finish: farewell => gateway.hub.finish(farewell),
    schemaOf: (tool, principal) => schemaOf(gateway, tool, principal),
    oddity: what => ports.recordOddity(undefined, what),
    failed: cause => say(`internal error: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`),
  })
  boundYoungHeap()
  return {
    url: face.url,
    token,
    tokenFile,
    async reload(next) {
      check = await tokensOf(next, token)
      await gateway.reload(next)
    },
    async close() {
      await face.close()
      await gateway.close()
      await ports.close()
    },
  }
}

/** Where tokens are switched off, whoever reaches loopback is this machine's user. */
function anyone({ config }: Assembly): { principal: Principal } | undefined {
  return config().gateway.requireToken ? undefined : { principal: localPrincipal() }
}

async function tokensOf(config: Config, local: string): Promise<TokenCheck> {
  const known: KnownToken[] = [{ sha256: digestOf(local), principal: localPrincipal(), role: 'default' }]
  for (const [name, { role, tokens }] of config.principals)
    for (const secret of tokens) {
      const found = await secret.reveal(secretSources)
      // A token that cannot be read lets nobody in; an empty one would let in everybody.
      if (found.ok && found.text.length >= 16)
        known.push({ sha256: digestOf(found.text), principal: name as Principal, role })
    }
  return tokenCheck(known)
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
