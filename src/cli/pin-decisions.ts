import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openAuditLog } from '../audit/log.ts'
import { redactText } from '../audit/redact.ts'
import { loadConfig } from '../config/load.ts'
import { localTenant, type Principal, type ServerName } from '../core/brand.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { version } from '../gateway/version.ts'
import { guards } from '../guards/index.ts'
import type { Pin } from '../trust/pin-record.ts'
import type { ItemHash } from '../trust/surface-hash.ts'
import { configFiles, say } from './find-config.ts'

/** The record of what a person decides on pins; each decision is on the chain before it counts. */
export type Decisions = {
  write(key: string, pin: Pin | undefined, hash: ItemHash): void
  close(): Promise<void>
}

export type Deciding = { readonly server: string; readonly how: 'accept' | 'reject'; readonly by: string }

/** Opens a chain of its own in the record of this machine; undefined, and said, where nothing can be recorded. */
export async function openDecisions({ server, how, by }: Deciding): Promise<Decisions | undefined> {
  const folder = await auditFolder()
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const log = openAuditLog({ folder, about: { version: redactText(version), mode: redactText('pins') } })
    return {
      write(key, pin, hash) {
        const standing = pin?.waiting?.hash === hash ? pin.waiting.standing : 'approved'
        const was = pin?.approved === undefined ? {} : { was: redactText(pin.approved.hash.slice(0, 12)) }
        const about = { item: redactText(key.slice(0, 300)), digest: redactText(hash.slice(0, 12)) }
        log.append({
          kind: 'approval',
          atMs: Date.now(),
          tenant: localTenant,
          principal: by as Principal,
          server: server as ServerName,
          severity: how === 'accept' ? 'medium' : 'info',
          details: { event: redactText(`pin ${how}ed`), ...about, standing: redactText(standing), ...was },
        })
      },
      close: () => log.close(),
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    say(
      `this cannot be recorded (${why})${how === 'accept' ? ', so nothing is accepted' : '; it is rejected all the same'}`,
    )
    return undefined
  }
}

/** Where a gateway that is started here keeps its record. */
export async function auditFolder(): Promise<string> {
  const files = configFiles(undefined)
  const loaded = files.length === 0 ? undefined : await loadConfig(files, guards)
  const named = loaded?.ok === true ? loaded.config.audit.folder : ''
  return named === '' ? join(stateFolder(), 'audit') : named
}
