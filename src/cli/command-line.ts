import { Command, CommanderError } from 'commander'
import { nearest } from '../config/problem.ts'
import { version } from '../gateway/version.ts'
import { say } from './say.ts'

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
  const asked = helpAsked(program, words)
  if (asked !== undefined) return help(asked)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return code
  } catch (cause) {
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 2
    throw cause
  }
}

type HelpAsked = { readonly of: Command } | { readonly unknown: string; readonly in: Command }

/** `help`, or `pins help diff`: the library would answer a word that is no command with help of everything, unsaid. */
function helpAsked(program: Command, words: readonly string[]): HelpAsked | undefined {
  let command = program
  let isHelp = false
  for (const word of words) {
    if (word === 'help' && command.commands.length > 0) {
      isHelp = true
      continue
    }
    const inner = command.commands.find(known => known.name() === word)
    if (inner !== undefined) command = inner
    else return isHelp && !word.startsWith('-') ? { unknown: word, in: command } : undefined
  }
  return isHelp ? { of: command } : undefined
}

function help(asked: HelpAsked): ExitCode {
  if ('of' in asked) {
    process.stdout.write(asked.of.helpInformation())
    return 0
  }
  const known = asked.in.commands.map(inner => inner.name())
  const near = nearest(asked.unknown, known)
  const wayOut = near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`
  say(known.length === 0 ? `${asked.in.name()} has no parts` : `no command ${asked.unknown}: ${wayOut}`)
  return 2
}
