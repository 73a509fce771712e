import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import type { ServerName } from '../core/brand.ts'
import { sandboxTiers } from '../core/launch.ts'
import { hintFor } from '../gateway/launcher.ts'
import { serveOverHttp } from '../gateway/serve-http.ts'
import type { UpstreamState } from '../gateway/upstream.ts'
import { decisionLine } from './decision-line.ts'
import { loadHere, say } from './find-config.ts'
import { followConfig } from './follow-config.ts'
import { linePrinter } from './line-printer.ts'
import type { ExitCode } from './program.ts'
import { proveModel } from './prove-model.ts'

type Options = { config?: string; port?: string; json?: boolean; quiet?: boolean }

/** `sallyport start`: all configured servers as one Streamable HTTP endpoint. */
export function addStart(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('start')
    .description('serve all configured servers as one Streamable HTTP endpoint on loopback')
    .option(
      '-c, --config <file>',
      'configuration file (default: ~/.config/sallyport/sallyport.yaml, tightened by sallyport.yaml in this folder)',
    )
    .option('-p, --port <number>', 'port to listen on; 0 takes a free one')
    .option('--json', 'print {"url","token"} as one line of JSON, then decisions as JSON lines')
    .option('-q, --quiet', 'do not print decisions')
    .action(async (options: Options) => done(await start(options)))
}

async function start(options: Options): Promise<ExitCode> {
  const port = options.port === undefined ? undefined : Number(options.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    say(`--port ${options.port}: a whole number from 0 to 65535`)
    return 2
  }
  const config = await loadHere(options.config, proveModel)
  if (config === undefined) return 2
  const print = (text: string) => process.stdout.write(`${text}\n`)
  const decisions = linePrinter(process.stdout, missed =>
    options.json === true ? JSON.stringify({ missed }) : `… ${missed} decisions were not printed: nobody read them`,
  )
  const isQuiet = options.quiet === true
  let inForce = config
  const service = await serveOverHttp({
    config,
    accept: sandboxTiers.slice(0, sandboxTiers.indexOf(config.gateway.sandboxAtLeast) + 1),
    say,
    ...(port === undefined ? {} : { port }),
    ...(isQuiet
      ? {}
      : {
          onRuling: ruling => {
            const line = decisionLine(ruling, {
              isJson: options.json === true,
              isShared: inForce.principals.size > 0,
              isColoured: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
            })
            if (line !== undefined) decisions.print(line)
          },
        }),
    onState: saysBroken(() => inForce),
  }).catch((cause: unknown) => (cause instanceof Error ? cause : new Error(String(cause))))
  if (service instanceof Error) {
    say(`cannot start: ${whyNot(service, port ?? config.gateway.port)}`)
    return 2
  }
  if (options.json === true) print(JSON.stringify({ url: service.url, token: service.token }))
  else for (const line of welcome(service, isQuiet)) print(line)
  const reload = (next: Config) => {
    inForce = next
    return service.reload(next)
  }
  const following = followConfig({ named: options.config, config, say, reload })
  await new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  following.close()
  await service.close()
  decisions.flush()
  return 0
}

/** Says of a server that it is broken, and not again before something else is wrong with it or it ran in between. */
function saysBroken(config: () => Config): (server: ServerName, state: UpstreamState) => void {
  const told = new Map<ServerName, string>()
  return (server, state) => {
    if (state.kind === 'ready') told.delete(server)
    if (state.kind !== 'broken') return
    const text = `${server} is broken: ${state.why}${hintFor(config().servers.get(server), state)}`
    if (told.get(server) !== text) say(text)
    told.set(server, text)
  }
}

function whyNot(cause: Error, port: number): string {
  switch ('code' in cause ? cause.code : undefined) {
    case 'EADDRINUSE':
      return `port ${port} is in use, perhaps by another sallyport; end that one, or take another with --port (0 takes a free one)`
    case 'EACCES':
      return `this user may not listen on port ${port}; take one from 1024 on with --port (0 takes a free one)`
    default:
      return cause.message
  }
}

type Welcome = { readonly url: string; readonly token: string; readonly tokenFile: string }

function welcome({ url, token, tokenFile }: Welcome, isQuiet: boolean): string[] {
  return [
    `Sallyport is ready at ${url}`,
    '',
    `  token   ${token}`,
    `          (kept in ${tokenFile})`,
    '',
    `  Claude Code   claude mcp add --transport http sallyport ${url} --header "Authorization: Bearer ${token}"`,
    '  Cursor, VS Code and others, in their MCP settings:',
    `    ${JSON.stringify({ sallyport: { type: 'http', url, headers: { Authorization: `Bearer ${token}` } } })}`,
    '',
    isQuiet ? 'Ctrl-C ends it.' : 'Decisions appear here as they fall. Ctrl-C ends it.',
  ]
}
