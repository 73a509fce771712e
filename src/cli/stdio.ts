import type { Command } from 'commander'
import { sandboxTiers } from '../core/launch.ts'
import { serveOverStdio } from '../gateway/serve-stdio.ts'
import { loadHere, say } from './find-config.ts'
import type { ExitCode } from './program.ts'

/** `sallyport stdio`: the same gateway, as the stdio server that a client starts. */
export function addStdio(program: Command, done: (code: ExitCode) => void): void {
  program
    .command('stdio')
    .description('serve all configured servers as one stdio server, for a client’s configuration')
    .option('-c, --config <file>', 'configuration file (default: sallyport.yaml in this folder)')
    .option('-w, --work <name>', 'the piece of work that this client belongs to')
    .action(async (options: { config?: string; work?: string }) => {
      const config = await loadHere(options.config)
      if (config === undefined) return done(2)
      const accept = sandboxTiers.slice(0, sandboxTiers.indexOf(config.gateway.sandboxAtLeast) + 1)
      const work = options.work === undefined ? {} : { work: options.work }
      await serveOverStdio({ config, accept, ...work, say: text => say(`sallyport: ${text}`) })
      done(0)
    })
}
