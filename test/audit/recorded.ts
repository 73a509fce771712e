import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openAuditLog } from '../../src/audit/log.ts'
import { redactText } from '../../src/audit/redact.ts'
import { localTenant, type Principal, type ServerName, type SessionId } from '../../src/core/brand.ts'
import type { AuditEvent } from '../../src/core/port.ts'

/** A folder that goes away with its test. */
export function auditFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-audit-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The n-th call of a made-up session. */
export function callEvent(n: number, over: Partial<AuditEvent> = {}): AuditEvent {
  return {
    kind: 'call',
    atMs: Date.UTC(2026, 10, 22) + n * 1000,
    tenant: localTenant,
    session: 's1' as SessionId,
    principal: 'someone' as Principal,
    server: 'files' as ServerName,
    message: `m${n}`,
    severity: 'info',
    details: { tool: redactText('read_file'), verdict: redactText('allow'), n },
    ...over,
  }
}

/** One whole chain of `calls` records, with a signed checkpoint every `every`. */
export async function recordChain(folder: string, calls: number, every = 4): Promise<void> {
  const log = openAuditLog({ folder, checkpointRecords: every })
  for (let n = 0; n < calls; n++) log.append(callEvent(n))
  await log.close()
}

/** The files of all chains, oldest first. */
export function chainFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .sort()
    .map(name => join(folder, name))
}

/** Rewrites the lines of a file. */
export function editLines(path: string, edit: (lines: string[]) => readonly string[]): void {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  writeFileSync(
    path,
    edit(lines)
      .map(line => `${line}\n`)
      .join(''),
  )
}
