import { join } from 'node:path'
import type { Command } from 'commander'
import { printable } from '../audit/printable.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { dropWithheld, readWithheld, releaseWithheld, withheldIn } from '../gateway/withheld-store.ts'
import { visible } from '../trust/surface-diff.ts'
import { say } from './find-config.ts'
import type { ExitCode } from './program.ts'

/** `sallyport withheld list|show|release|drop`: answers that policy kept back until a person has looked at them. */
export function addWithheld(program: Command, done: (code: ExitCode) => void): void {
  const withheld = program.command('withheld').description('answers that were kept back, and letting them through')
  withheld
    .command('list', { isDefault: true })
    .description('what waits, and what was released')
    .option('--json', 'as JSON, without the answers themselves')
    .action(({ json }: { json?: boolean }) => done(list(json === true)))
  withheld
    .command('show')
    .description('one answer, with invisible characters written out')
    .argument('<id>')
    .action((id: string) => done(show(id)))
  withheld
    .command('release')
    .description('let exactly this answer through when it is asked for again, for a day')
    .argument('<id>')
    .action((id: string) => done(release(id)))
  withheld
    .command('drop')
    .description('forget an answer, or take a release back')
    .argument('<id>')
    .action((id: string) => done(drop(id)))
}

function folder(): string {
  return join(stateFolder(), 'withheld')
}

function list(isJson: boolean): ExitCode {
  const all = withheldIn(folder(), Date.now())
  if (all.length === 0 && !isJson) say('nothing is withheld')
  for (const { text, ...one } of all) {
    const at = new Date(one.atMs).toISOString()
    const state = one.releasedMs === undefined ? 'waits' : 'released'
    const line = `${one.id}  ${at}  ${state}  ${one.about}, for ${one.principal}: ${one.rules.join(', ')}`
    process.stdout.write(isJson ? `${JSON.stringify({ ...one, chars: text.length })}\n` : `${printable(line)}\n`)
  }
  return 0
}

function show(id: string): ExitCode {
  const found = readWithheld(folder(), id, Date.now())
  if (found === undefined) return unknown(id)
  const value: unknown = JSON.parse(found.text)
  const lines = JSON.stringify(value, null, 2).split('\n')
  process.stdout.write(`${lines.map(line => printable(visible(line))).join('\n')}\n`)
  return 0
}

function release(id: string): ExitCode {
  const found = releaseWithheld(folder(), id, Date.now())
  if (found === undefined) return unknown(id)
  say(printable(`released for a day: ${found.about}, for ${found.principal}; the same request now gets it`))
  return 0
}

function drop(id: string): ExitCode {
  if (readWithheld(folder(), id, Date.now()) === undefined) return unknown(id)
  dropWithheld(folder(), id)
  return 0
}

function unknown(id: string): ExitCode {
  say(printable(`nothing is withheld under ${id}; sallyport withheld list shows what is`))
  return 2
}
