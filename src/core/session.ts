import type { Principal, SessionId, Tenant } from './brand.ts'
import type { Json } from './json.ts'

/** One piece of work of one principal, as plain data: it is stored, and survives reconnects and restarts. */
export type Session = {
  readonly id: SessionId
  readonly tenant: Tenant
  readonly principal: Principal
  /** Decides which tools exist for this principal; `default` when nothing was said. */
  readonly role: string
  /** What the client calls itself. Self-reported: shown to people, never decided on. */
  readonly client: string
  readonly startedMs: number
  /** When a person last said yes to a call of this piece of work; limits on unattended chains start anew from there. */
  readonly approvedMs?: number
  /** What this piece of work has touched: `untrusted`, `sensitive`, `secret`, … Only ever grows. */
  readonly labels: readonly string[]
  /** Each guard's memory under its id. JSON, so that a restart loses nothing. */
  readonly memory: Readonly<Record<string, Json>>
}
