import { join } from 'node:path'
import type { Command } from 'commander'
import { printable } from '../audit/printable.ts'
import { redactText } from '../audit/redact.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import {
  dropWithheld,
  readWithheld,
  releaseWithheld,
  type WithheldFile,
  withheldIn,
} from '../gateway/withheld-store.ts'
import { visible } from '../trust/surface-diff.ts'
import { openApprovalLog } from './approval-log.ts'
import { say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { printJson } from './say.ts'

/** `sallyport withheld list|show|release|drop`: answers that policy kept back until a person has looked at them. */
export function addWithheld(program: Command, done: (code: ExitCode) => void): void {
  const withheld = program.command('withheld').description('answers that were kept back, and letting them through')
  withheld
    .command('list', { isDefault: true })
    .description('what waits, and what was released')
    .option('--json', 'as JSON lines, without the answers themselves')
    .action(({ json }: { json?: boolean }) => done(list(json === true)))
  withheld
    .command('show')
    .description('one answer, with invisible characters written out')
    .argument('<id>')
    .option('--json', 'as JSON, with what is known of it')
    .action((id: string, { json }: { json?: boolean }) => done(show(id, json === true)))
  withheld
    .command('release')
    .description('let exactly this answer through when it is asked for again, for a day')
    .argument('<id>')
    .action(async (id: string) => done(await release(id)))
  withheld
    .command('drop')
    .description('forget an answer, or take a release back')
    .argument('<id>')
    .action(async (id: string) => done(await drop(id)))
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

function show(id: string, isJson: boolean): ExitCode {
  const found = readWithheld(folder(), id, Date.now())
  if (found === undefined) return unknown(id)
  const { text, ...about } = found
  const value: unknown = JSON.parse(text)
  if (isJson) {
    printJson({ ...about, answer: value })
    return 0
  }
  const lines = JSON.stringify(value, null, 2).split('\n')
  process.stdout.write(`${lines.map(line => printable(visible(line))).join('\n')}\n`)
  return 0
}

async function release(id: string): Promise<ExitCode> {
  const found = readWithheld(folder(), id, Date.now())
  if (found === undefined) return unknown(id)
  if (!(await recorded('answer released', found))) return 3
  releaseWithheld(folder(), id, Date.now())
  say(printable(`released for a day: ${found.about}, for ${found.principal}; the same request now gets it`))
  return 0
}

async function drop(id: string): Promise<ExitCode> {
  const found = readWithheld(folder(), id, Date.now())
  if (found === undefined) return unknown(id)
  // Dropping only tightens: it is done although it cannot be recorded.
  await recorded('answer dropped', found)
  dropWithheld(folder(), id)
  return 0
}

/** A release is on the record before it counts. */
async function recorded(event: string, { id, server, about, principal, rules }: WithheldFile): Promise<boolean> {
  const log = await openApprovalLog('withheld')
  if (typeof log === 'string') {
    say(printable(`${event}: this cannot be recorded (${log})`))
    return false
  }
  const details = { event, answer: id, about, for: principal, rules: rules.join(', ') }
  const redacted = Object.fromEntries(Object.entries(details).map(([name, text]) => [name, redactText(text)]))
  log.write({ server, severity: 'medium', details: redacted })
  await log.close()
  return true
}

function unknown(id: string): ExitCode {
  say(printable(`nothing is withheld under ${id}; sallyport withheld list shows what is`))
  return 2
}
