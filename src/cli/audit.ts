import type { Command } from 'commander'
import type { ExitCode } from './program.ts'

/** `sallyport audit tail|query|verify|export`. */
export function addAudit(program: Command, _done: (code: ExitCode) => void): void {
  program.command('audit').description('read, verify and export the record')
}
