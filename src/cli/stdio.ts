import type { Command } from 'commander'
import type { Config } from '../config/config.ts'
import { sandboxTiers } from '../core/launch.ts'
import { headStarts } from '../gateway/head-start.ts'
import { localPrincipal } from '../gateway/local-principal.ts'
import { openPorts } from '../gateway/open-ports.ts'
import { serveOverStdio } from '../gateway/serve-stdio.ts'
import { setupsOf } from '../gateway/server-setup.ts'
import { tellOddity } from '../gateway/tell-oddity.ts'
import { loadHere, say } from './find-config.ts'
import { followConfig } from './follow-config.ts'
import type { ExitCode } from './program.ts'
import { proveModel } from './prove-model.ts'

/** `sallyport stdio`: the same gateway, as the stdio server that a client starts. */
export function addStdio(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('stdio')
    .description('serve all configured servers as one stdio server, for a client’s configuration')
    .option(
      '-c, --config <file>',
      'configuration file (default: ~/.config/sallyport/sallyport.yaml, tightened by sallyport.yaml in this folder)',
    )
    .option('-w, --work <name>', 'the piece of work that this client belongs to')
    .action(async (options: { config?: string; work?: string }) => {
      const config = await loadHere(options.config, proveModel)
      if (config === undefined) return done(2)
      const accept = sandboxTiers.slice(0, sandboxTiers.indexOf(config.gateway.sandboxAtLeast) + 1)
      const work = options.work === undefined ? {} : { work: options.work }
      const told = (text: string) => say(`sallyport: ${text}`)
      let following: { close(): void } | undefined
      const onReady = (reload: (next: Config) => Promise<void>) => {
        following = followConfig({ named: options.config, config, say: told, reload })
      }
      const ports = openPorts({ config, accept, say: told })
      const early = headStarts(setupsOf(config.servers, { launcher: ports.launcher, face: 'stdio' }), {
        who: localPrincipal(),
        oddity: tellOddity(ports, told),
      })
      await serveOverStdio({ config, ports, early, ...work, say: told, onReady }).finally(() => ports.close())
      following?.close()
      done(0)
    })
}
