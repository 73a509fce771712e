import { existsSync } from 'node:fs'
import type { AuditRecord } from '../audit/chain.ts'
import { printable } from '../audit/printable.ts'
import { auditQuery } from '../audit/query.ts'
import { isObject, type Json } from '../core/json.ts'
import { auditFolder } from './audit-folder.ts'
import type { ExitCode } from './program.ts'
import { printJson, say } from './say.ts'

type Asked = { readonly config?: string; readonly folder?: string; readonly json?: boolean }

/** Whether this is how the gateway names messages in refusals and in the record. */
export function isMessageId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-z]{1,12}$/u.test(text)
}

/** Says what was decided of a message and why, as the record has it. */
export async function tellDecided(id: string, asked: Asked): Promise<ExitCode> {
  const folder = asked.folder ?? (await auditFolder(asked.config))
  const records: AuditRecord[] = []
  if (existsSync(folder))
    for await (const record of auditQuery(folder, { filter: { text: id } }))
      if (record.correlation_uid === id) records.push(record)
  if (records.length === 0) {
    say(`no record of ${id} in ${folder}; another folder can be named with --folder`)
    return 2
  }
  if (asked.json === true) printJson(records)
  else for (const record of records) process.stdout.write(`${linesOf(record).map(printable).join('\n')}\n`)
  return 0
}

/** One record as lines for people. */
export function linesOf({ time, server, user_uid, kind, details }: AuditRecord): string[] {
  const subject = [
    server,
    details['tool'] ?? details['uri'] ?? details['prompt'] ?? details['method'] ?? details['type'],
  ]
  const verdict = [details['verdict'] ?? details['event'], details['passed'] === false ? 'did not pass' : undefined]
  const head = [words(verdict).join(', '), words(subject).join(' '), new Date(time).toISOString(), ...words([user_uid])]
  return [
    head.join(' · '),
    ...(details['wouldBe'] === undefined ? [] : [`  enforced it would be: ${textOf(details['wouldBe'])}`]),
    ...listOf(details['rules']).map(rule => `  rule     ${textOf(rule)}`),
    ...listOf(details['findings']).flatMap(findingLine),
    ...(details['args'] === undefined ? [] : [`  args     ${textOf(details['args'])}`]),
    ...(kind === 'gateway' && details['text'] !== undefined ? [`  ${textOf(details['text'])}`] : []),
  ]
}

function findingLine(finding: Json): string[] {
  if (!isObject(finding)) return []
  const facts = isObject(finding['facts']) ? Object.entries(finding['facts']) : []
  const about = facts.map(([name, value]) => `${name}: ${textOf(value)}`).join(', ')
  const how = words([finding['severity'], finding['confidence']]).join(', ')
  return [
    `  finding  ${textOf(finding['rule'])} (${how}) at ${textOf(finding['at'])}${about === '' ? '' : ` · ${about}`}`,
  ]
}

function words(values: readonly (Json | undefined)[]): string[] {
  return values.flatMap(value => (value === undefined || value === null || value === '' ? [] : [textOf(value)]))
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
