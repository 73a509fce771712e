import { Command, CommanderError } from 'commander'
import { version } from '../gateway/version.ts'

/** What a command says to the shell: 0 fine, 1 findings, 2 usage or configuration, 3 incomplete. */
export type ExitCode = 0 | 1 | 2 | 3

/** Adds one command, or a family of them; `done` is told how each ended. */
export type AddCommand = (program: Command, done: (code: ExitCode) => void) => void

/** A command line of these commands. */
export function commandLine(adds: readonly AddCommand[], done: (code: ExitCode) => void): Command {
  const program = new Command('sallyport')
    .description('The security gateway for the Model Context Protocol')
    .version(version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(sallyport --help shows what there is)')
    .helpCommand(true)
  for (const add of adds) add(program, done)
  return program
}

/** Runs the words of a command line. Data goes to stdout, words to stderr. */
export async function runCommandLine(adds: readonly AddCommand[], words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0
  const program = commandLine(adds, result => {
    code = result
  })
  try {
    await program.parseAsync([...words], { from: 'user' })
    return code
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2
    throw cause
  }
}
