import { openAuditLog } from '../audit/log.ts'
import { redactText } from '../audit/redact.ts'
import { localTenant, type Principal, type ServerName } from '../core/brand.ts'
import type { AuditDetails } from '../core/port.ts'
import { version } from '../gateway/version.ts'
import { makeFolder } from '../store/make-folder.ts'
import { auditFolder } from './audit-folder.ts'
import { who } from './who.ts'

/** One decision of a person. */
export type Approval = {
  readonly server: string
  readonly severity: 'info' | 'medium'
  readonly details: AuditDetails
}

export type ApprovalLog = {
  /** Throws where it cannot be written: what is not recorded must not count. */
  write(approval: Approval): void
  close(): Promise<void>
}

/** Opens a chain of its own in the record of this machine; the reason where nothing can be recorded. */
export async function openApprovalLog(mode: string): Promise<ApprovalLog | string> {
  try {
    const folder = await auditFolder()
    makeFolder(folder)
    const log = openAuditLog({ folder, about: { version: redactText(version), mode: redactText(mode) } })
    const by = who() as Principal
    return {
      write: ({ server, ...rest }) =>
        void log.append({
          ...{ kind: 'approval', atMs: Date.now(), tenant: localTenant, principal: by, server: server as ServerName },
          ...rest,
        }),
      close: () => log.close(),
    }
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}
