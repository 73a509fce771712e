import type { Command } from 'commander'
import { addAudit } from './audit.ts'
import { type AddCommand, commandLine, type ExitCode, runCommandLine } from './command-line.ts'
import { addCompletion } from './completion.ts'
import { addDoctor } from './doctor.ts'
import { execOptions } from './exec-options.ts'
import { addInspect } from './inspect.ts'
import { addPins } from './pins.ts'
import { addPolicy } from './policy.ts'
import { addSandbox } from './sandbox.ts'
import { addServerCommands } from './server.ts'
import { addStart } from './start.ts'
import { addStdio } from './stdio.ts'
import { addWithheld } from './withheld.ts'

export type { ExitCode } from './command-line.ts'

/** Runs a command line. Data goes to stdout, words to stderr. */
export function runProgram(words: readonly string[]): Promise<ExitCode> {
  return runCommandLine(adds, words)
}

/** All commands; `done` is told how each ended. */
export function newProgram(done: (code: ExitCode) => void): Command {
  return commandLine(adds, done)
}

// Run by the short way, and here only to be told of.
const addExec: AddCommand = program => {
  const exec = program
    .command('exec')
    .description('run one stdio server, guarded and sandboxed, with no configuration: sallyport exec -- COMMAND')
    .helpOption(false)
    .allowUnknownOption()
  for (const { flag, value, about } of execOptions)
    exec.option(value === undefined ? flag : `${flag} <${value.toLowerCase()}>`, about)
}

const adds: readonly AddCommand[] = [
  addExec,
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
]
