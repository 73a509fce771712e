import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { AuditRecord } from '../audit/chain.ts'
import { auditExport, exportFormats } from '../audit/export.ts'
import type { AuditFilter } from '../audit/filter.ts'
import { printable } from '../audit/printable.ts'
import { auditQuery, auditTail } from '../audit/query.ts'
import { auditVerify } from '../audit/verify.ts'
import { severities } from '../core/finding.ts'
import { stateFolder } from '../gateway/state-folder.ts'
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
  key?: string
}

/** `sallyport audit tail|query|verify|export`. */
export function addAudit(program: Command, done: (code: ExitCode) => void): void {
  const audit = program.command('audit').description('read, verify and export the record')
  filtered(audit.command('tail').description('the newest records'))
    .option('-f, --follow', 'go on as records are written')
    .action(async (wanted: Wanted) => done(await tail(wanted)))
  filtered(audit.command('query').description('records that match, oldest first')).action(async (wanted: Wanted) =>
    done(await print(auditQuery(folderOf(wanted), readOptions(wanted)), wanted)),
  )
  filtered(audit.command('export').description('records in another form, on stdout'))
    .requiredOption('--format <name>', exportFormats.join(', '))
    .action(async (wanted: Wanted) => done(await exportRecords(wanted)))
  audit
    .command('verify')
    .description('check that no record was changed, removed, added or put in another place')
    .option('--folder <path>', 'folder of the record')
    .option('--key <file>', 'public key kept elsewhere; the folder’s own proves less')
    .option('--json', 'the whole report as JSON')
    .action(async (wanted: Wanted) => done(await verify(wanted)))
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
    .option('--kind <kind>', 'call, result, surface, wire, server, egress, approval, config, gateway')
    .option('--verdict <verdict>', 'allow, rewrite, ask, block')
    .option('--severity <floor>', `${severities.join(', ')}: this or higher`, severity)
    .option('--text <words>', 'somewhere in the record')
    .option('-n, --limit <number>', 'records at most', count)
    .option('--json', 'as JSON lines')
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

function severity(text: string): (typeof severities)[number] {
  const known = severities.find(name => name === text)
  if (known === undefined) throw new InvalidArgumentError(`there are ${severities.join(', ')}`)
  return known
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number from 1')
  return value
}

function folderOf({ folder }: Wanted): string {
  return folder ?? join(stateFolder(), 'audit')
}

function readOptions({ since, until, limit, folder: _, ...rest }: Wanted): { filter: AuditFilter; limit?: number } {
  const { json: _json, follow: _follow, format: _format, key: _key, ...filter } = rest
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
  return print(auditTail(folderOf(wanted), { ...readOptions(wanted), ...follow }), wanted)
}

async function print(records: AsyncIterable<AuditRecord>, { json }: Wanted): Promise<ExitCode> {
  for await (const record of records)
    process.stdout.write(`${json === true ? JSON.stringify(record) : lineOf(record)}\n`)
  return 0
}

/** One record as one line for people. */
export function lineOf({ time, kind, severity, server, user_uid, details }: AuditRecord): string {
  const { tool, verdict, rules, event, uri, type } = details
  const subject = [server, tool ?? uri ?? event ?? type].filter(part => part !== undefined).join(' ')
  const why = Array.isArray(rules) ? ` (${rules.join(', ')})` : ''
  const words = [
    new Date(time).toISOString(),
    severity.padEnd(8),
    kind.padEnd(8),
    String(verdict ?? '').padEnd(8),
    subject,
  ]
  return printable(`${words.join(' ')}${why}${user_uid === undefined ? '' : ` · ${user_uid}`}`)
}

async function exportRecords(wanted: Wanted): Promise<ExitCode> {
  const format = exportFormats.find(known => known === wanted.format)
  if (format === undefined) {
    say(`--format ${wanted.format}: there are ${exportFormats.join(', ')}`)
    return 2
  }
  for await (const chunk of auditExport(folderOf(wanted), { ...readOptions(wanted), format }))
    process.stdout.write(chunk)
  return 0
}

async function verify(wanted: Wanted): Promise<ExitCode> {
  const publicKey = wanted.key === undefined ? {} : { publicKey: readFileSync(wanted.key, 'utf8') }
  const report = await auditVerify(folderOf(wanted), publicKey)
  if (wanted.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else {
    for (const { file, line, what, text } of report.faults) say(`${file}:${line}: ${what}: ${text}`)
    if (report.faultsMore > 0) say(`… and ${report.faultsMore} more`)
    const by = report.key === undefined ? 'no key' : `key ${report.key.name} (${report.key.from})`
    const state = report.isIntact ? 'intact' : 'NOT intact'
    process.stdout.write(
      `${state}: ${counted(report.records, 'record')} in ${counted(report.chains.length, 'chain')}, ${by}\n`,
    )
  }
  return report.isIntact ? 0 : 1
}
