import { Command, CommanderError } from 'commander'
import { version } from '../gateway/version.ts'
import { addAudit } from './audit.ts'
import { addCompletion } from './completion.ts'
import { addDoctor } from './doctor.ts'
import { addInspect } from './inspect.ts'
import { addPins } from './pins.ts'
import { addPolicy } from './policy.ts'
import { addSandbox } from './sandbox.ts'
import { addServerCommands } from './server.ts'
import { addStart } from './start.ts'
import { addStdio } from './stdio.ts'
import { addWithheld } from './withheld.ts'

/** What a command says to the shell: 0 fine, 1 findings, 2 usage or configuration, 3 incomplete. */
export type ExitCode = 0 | 1 | 2 | 3

/** Runs a command line. Data goes to stdout, words to stderr. */
export async function runProgram(words: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0
  const program = newProgram(result => {
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

/** All commands; `done` is told how each ended. */
export function newProgram(done: (code: ExitCode) => void): Command {
  const program = new Command('sallyport')
    .description('The security gateway for the Model Context Protocol')
    .version(version, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(sallyport --help shows what there is)')
    .helpCommand(true)
  program
    .command('exec')
    .description('run one stdio server, guarded and sandboxed, with no configuration: sallyport exec -- COMMAND')
    .helpOption(false)
    .allowUnknownOption()
  for (const add of [
    addStart,
    addStdio,
    addInspect,
    addPins,
    addPolicy,
    addServerCommands,
    addSandbox,
    addAudit,
    addWithheld,
    addDoctor,
    addCompletion,
  ])
    add(program, done)
  return program
}
