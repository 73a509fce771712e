import { type ExitCode, runCommandLine } from './command-line.ts'
import { addStart } from './start.ts'
import { addStdio } from './stdio.ts'

/** Runs `start` or `stdio`, the two commands that clients wait for, without what the others need. */
export function runServe(words: readonly string[]): Promise<ExitCode> {
  return runCommandLine([addStart, addStdio], words)
}
