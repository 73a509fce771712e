import type { AuditRecord } from './chain.ts'
import { ocsfOf } from './ocsf.ts'
import { auditQuery, type ReadOptions } from './query.ts'

export const exportFormats = ['jsonl', 'csv', 'ocsf'] as const

export type ExportOptions = ReadOptions & { readonly format: (typeof exportFormats)[number] }

/** Records that match, as lines for another program: as they are, as a table, or as events of OCSF. */
export async function* auditExport(folder: string, { format, ...options }: ExportOptions): AsyncGenerator<string> {
  if (format === 'csv') yield `${columns.map(([name]) => csvCell(name)).join(',')}\r\n`
  for await (const record of auditQuery(folder, options)) yield lineOf(record, format)
}

/** One cell: quoted, and unable to begin a formula in the spreadsheet of whoever opens the file. */
export function csvCell(value: unknown): string {
  const text =
    value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
  const isNumber = typeof value === 'number'
  const shown = !isNumber && startsFormula.test(text) ? `'${text}` : text
  return `"${shown.replaceAll('"', '""')}"`
}

// Also full-width forms, which some spreadsheets fold, and signs hidden behind blanks or quotes.
const startsFormula = /^[\s'"]*[=+\-@|%＝＋－＠]|^[\t\r\n]/u

function lineOf(record: AuditRecord, format: ExportOptions['format']): string {
  switch (format) {
    case 'jsonl':
      return `${JSON.stringify(record)}\n`
    case 'csv':
      return `${columns.map(([, cell]) => csvCell(cell(record))).join(',')}\r\n`
    case 'ocsf':
      return `${JSON.stringify(ocsfOf(record))}\n`
    default:
      return format satisfies never
  }
}

const columns: ReadonlyArray<readonly [name: string, cell: (record: AuditRecord) => unknown]> = [
  ['time', ({ time }) => timeOf(time)],
  ['kind', ({ kind }) => kind],
  ['severity', ({ severity }) => severity],
  ['tenant', record => record.tenant_uid],
  ['principal', record => record.user_uid],
  ['session', record => record.session_uid],
  ['server', ({ server }) => server],
  ['tool', ({ details }) => details['tool']],
  ['verdict', ({ details }) => details['verdict']],
  ['rules', ({ details }) => details['rules']],
  ['duration_ms', ({ details }) => details['durationMs']],
  ['bytes', ({ details }) => details['bytes']],
  ['message', record => record.correlation_uid],
  ['details', ({ details }) => details],
  ['chain', record => record.chain_uid],
  ['sequence', ({ sequence }) => sequence],
  ['fingerprint', ({ fingerprint }) => fingerprint],
]

function timeOf(time: number): string {
  return Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time)
}
