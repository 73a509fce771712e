import { existsSync, statSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import type { AuditRecord, Head } from '../audit/chain.ts'
import { auditExport, exportFormats } from '../audit/export.ts'
import { type AuditFilter, auditKinds } from '../audit/filter.ts'
import { printable } from '../audit/printable.ts'
import { auditQuery, auditTail } from '../audit/query.ts'
import { severities } from '../core/finding.ts'
import type { VerdictKind } from '../core/verdict.ts'
import { auditFolder } from './audit-folder.ts'
import { headFrom, type Verifying, verifyRecord } from './audit-verify.ts'
import { say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { counted } from './say.ts'

type Wanted = {
  folder?: string
  since?: number
  until?: number
  session?: string
  principal?: string
  server?: string
  tool?: string
  kind?: string
  verdict?: string
  severity?: (typeof severities)[number]
  text?: string
  limit?: number
  json?: boolean
  follow?: boolean
  format?: string
}

/** `sallyport audit tail|query|verify|export`. */
export function addAudit(program: Command, done: (code: ExitCode) => void): void {
  const audit = program.command('audit').description('read, verify and export the record')
  filtered(audit.command('tail').description('the newest records'))
    .option('--json', 'as JSON lines')
    .option('-f, --follow', 'go on as records are written')
    .action(async (wanted: Wanted) => done(await tail(wanted)))
  filtered(audit.command('query').description('records that match, oldest first'))
    .option('--json', 'as JSON lines')
    .action(async (wanted: Wanted) =>
      done(await reading(wanted, (folder, options) => print(auditQuery(folder, options), wanted))),
    )
  filtered(audit.command('export').description('records in another form, on stdout'))
    .requiredOption('--format <name>', exportFormats.join(', '))
    .action(async (wanted: Wanted) => done(await exportRecords(wanted)))
  audit
    .command('verify')
    .description('check that no record was changed, removed, added or put in another place')
    .option('--folder <path>', 'folder of the record')
    .option('--key <file>', 'public key kept elsewhere; the folder’s own proves less')
    .option(
      '--expect <end...>',
      'an end that was noted elsewhere, as verify prints it: chain:sequence:fingerprint',
      heads,
    )
    .option('--json', 'the whole report as JSON')
    .action(async ({ folder, ...wanted }: Verifying) => done(await within(folder, from => verifyRecord(from, wanted))))
}

function filtered(command: Command): Command {
  return command
    .option('--folder <path>', 'folder of the record')
    .option('--since <when>', 'a date, or how long ago: 15m, 2h, 7d', moment)
    .option('--until <when>', 'a date, or how long ago', moment)
    .option('--session <id>', 'one piece of work')
    .option('--principal <name>', 'who')
    .option('--server <name>', 'one server')
    .option('--tool <name>', 'one tool')
    .option('--kind <kind>', auditKinds.join(', '), oneOf(auditKinds))
    .option('--verdict <verdict>', verdicts.join(', '), oneOf(verdicts))
    .option('--severity <floor>', `${severities.join(', ')}: this or higher`, oneOf(severities))
    .option('--text <words>', 'somewhere in the record')
    .option('-n, --limit <number>', 'records at most', count)
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A point in time from a date or from how long ago it was. */
export function moment(text: string, nowMs: unknown = Date.now()): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/u.exec(text) ?? []
  const now = typeof nowMs === 'number' ? nowMs : Date.now()
  const at = amount === undefined ? Date.parse(text) : now - Number(amount) * (units[unit ?? ''] ?? 0)
  if (Number.isNaN(at)) throw new InvalidArgumentError('write a date (2026-11-22T10:00Z) or how long ago (15m, 2h, 7d)')
  return at
}

const verdicts: readonly VerdictKind[] = ['allow', 'rewrite', 'ask', 'block']

function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return text => {
    const known = words.find(word => word === text)
    if (known === undefined) throw new InvalidArgumentError(`there are ${words.join(', ')}`)
    return known
  }
}

function heads(text: string, before: readonly Head[] | undefined): readonly Head[] {
  const head = headFrom(text)
  if (head === undefined) throw new InvalidArgumentError('write chain:sequence:fingerprint, as verify prints it')
  return [...(before ?? []), head]
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1')
  return value
}

async function within(
  named: string | undefined,
  work: (folder: string) => ExitCode | Promise<ExitCode>,
): Promise<ExitCode> {
  const folder = named ?? (await auditFolder())
  if (statSync(folder, { throwIfNoEntry: false })?.isFile() === true) {
    say(
      `${folder} is a file: name the folder of the record. What was exported is a copy for others, and proves nothing by itself`,
    )
    return 2
  }
  if (existsSync(folder)) return work(folder)
  say(`no record in ${folder}: nothing was recorded yet, or it lies elsewhere (--folder)`)
  return 3
}

type Reading = { readonly filter: AuditFilter; readonly limit?: number; onBroken(file: string, line: number): void }

/** Reads what is whole. Whoever asked is told of what is not, and an answer without it is not complete. */
async function reading(
  wanted: Wanted,
  read: (folder: string, options: Reading) => Promise<ExitCode>,
): Promise<ExitCode> {
  let broken = 0
  const onBroken = (file: string, line: number) => {
    if (++broken <= brokenShown) say(`${file}:${line}: left out: it is not the record that was written`)
  }
  const code = await within(wanted.folder, folder => read(folder, { ...readOptions(wanted), onBroken }))
  if (broken === 0) return code
  say(`${counted(broken, 'record')} left out; sallyport audit verify says what is wrong`)
  return 3
}

const brokenShown = 10

function readOptions(wanted: Wanted): { filter: AuditFilter; limit?: number } {
  const { since, until, limit, folder: _folder, json: _json, follow: _follow, format: _format, ...filter } = wanted
  return {
    filter: {
      ...filter,
      ...(since === undefined ? {} : { sinceMs: since }),
      ...(until === undefined ? {} : { untilMs: until }),
    },
    ...(limit === undefined ? {} : { limit }),
  }
}

async function tail(wanted: Wanted): Promise<ExitCode> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  const follow = wanted.follow === true ? { follow: stop.signal } : {}
  return reading(wanted, (folder, options) => print(auditTail(folder, { ...options, ...follow }), wanted))
}

async function print(records: AsyncIterable<AuditRecord>, { json }: Wanted): Promise<ExitCode> {
  for await (const record of records)
    process.stdout.write(`${json === true ? JSON.stringify(record) : lineOf(record)}\n`)
  return 0
}

const saidChars = 160

/** One record as one line for people. */
export function lineOf({ time, kind, severity, server, user_uid, details }: AuditRecord): string {
  const { tool, verdict, rules, event, uri, type, code, text, sample } = details
  const subject = [server, tool ?? uri ?? event ?? type ?? code].filter(part => part !== undefined).join(' ')
  const words = text ?? sample
  const said = typeof words === 'string' ? `: ${words.slice(0, saidChars)}` : ''
  const why = Array.isArray(rules) ? ` (${rules.join(', ')})` : ''
  const columns = [
    new Date(time).toISOString(),
    severity.padEnd(8),
    kind.padEnd(8),
    String(verdict ?? '').padEnd(8),
    subject,
  ]
  return printable(`${columns.join(' ')}${said}${why}${user_uid === undefined ? '' : ` · ${user_uid}`}`)
}

async function exportRecords(wanted: Wanted): Promise<ExitCode> {
  const format = exportFormats.find(known => known === wanted.format)
  if (format === undefined) {
    say(`--format ${wanted.format}: there are ${exportFormats.join(', ')}`)
    return 2
  }
  return reading(wanted, async (folder, options) => {
    for await (const chunk of auditExport(folder, { ...options, format })) process.stdout.write(chunk)
    return 0
  })
}
