import type { Command } from 'commander'
import type { ExitCode } from './program.ts'

/** `sallyport doctor`. */
export function addDoctor(program: Command, _done: (code: ExitCode) => void): void {
  program.command('doctor').description('prove through the real path that a denied call is denied')
}
