import type { Redacted, ServerName, Tenant } from '../core/brand.ts'
import type { AuditDetails, AuditEvent } from '../core/port.ts'
import type { Refusal } from './judge.ts'

/** What a server did on its network, before it becomes a record. */
export type Deed = {
  readonly what: 'name' | 'dial' | 'datagram' | 'alert' | 'room'
  readonly host: string
  readonly port?: number
  /** Type number of a DNS question. */
  readonly type?: number
  readonly refusal?: Refusal
  /** Names of what is remarkable: `first-seen`, signs of a name, `volume`, `unreachable`. */
  readonly signs?: readonly string[]
  /** Where an allowed dial was connected to, and how the client began to speak. */
  readonly address?: string
  readonly greeting?: string
}

export type AccountOptions = {
  readonly tenant: Tenant
  readonly record: (event: AuditEvent) => void | Promise<void>
  /** Takes every credential out of a text. Names of hosts are chosen by the server: they may carry one. */
  readonly redact: (text: string) => Redacted
  readonly now: () => number
}

/** Writes deeds down; rejects when the record could not be written. */
export type Account = (server: ServerName, deed: Deed) => Promise<void>

const hostCharsMax = 253

export function createAccount({ tenant, record, redact, now }: AccountOptions): Account {
  return async (server, deed) => {
    const text = (value: string) => redact(value)
    const details: AuditDetails = {
      what: text(deed.what),
      host: text(deed.host.slice(0, hostCharsMax)),
      verdict: text(deed.refusal === undefined ? 'allow' : 'refuse'),
      ...(deed.port === undefined ? {} : { port: deed.port }),
      ...(deed.type === undefined ? {} : { type: deed.type }),
      ...(deed.refusal === undefined ? {} : { reason: text(deed.refusal.code), why: text(deed.refusal.why) }),
      ...(deed.address === undefined ? {} : { address: text(deed.address) }),
      ...(deed.greeting === undefined ? {} : { greeting: text(deed.greeting) }),
      ...(deed.signs === undefined || deed.signs.length === 0 ? {} : { signs: deed.signs.map(text) }),
    }
    await record({ kind: 'egress', atMs: now(), tenant, server, severity: severityOf(deed), details })
  }
}

const grave = new Set(['high-entropy', 'encoded', 'many-names', 'volume', 'flood'])

/** How much a deed should worry whoever reads the record. */
export function severityOf({ what, refusal, signs = [] }: Deed): AuditEvent['severity'] {
  const code = refusal?.code
  if (code === 'address-refused' || code === 'name-mismatch' || code === 'own-address') return 'high'
  if (signs.some(sign => grave.has(sign))) return 'high'
  if (what === 'room') return refusal === undefined ? 'info' : 'high'
  if (code !== undefined || what === 'alert') return 'medium'
  return signs.length > 0 ? 'low' : 'info'
}
