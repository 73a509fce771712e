import type { Principal, Redacted, ServerName, SessionId, Tenant } from './brand.ts'
import type { Message } from './message.ts'
import type { Session } from './session.ts'
import type { Decision } from './verdict.ts'

/** What the record keeps of one event. Strings are `Redacted`: nothing else can enter. Names follow OCSF where it has one. */
export type AuditEvent = {
  readonly kind: AuditKind
  readonly atMs: number
  readonly tenant: Tenant
  readonly session?: SessionId
  readonly principal?: Principal
  readonly server?: ServerName
  /** The id of the message that it is about. */
  readonly message?: string
  readonly severity: 'info' | 'low' | 'medium' | 'high' | 'critical'
  readonly details: AuditDetails
}

export type AuditKind =
  | 'call' // a request and what was decided on it
  | 'result' // what came back, and what was decided on that
  | 'surface' // what a server offers
  | 'wire' // a frame that could not be accepted, or what a server wrote beside the protocol
  | 'server' // a process or connection: started, ready, broken, stopped
  | 'egress' // a name or a dial of a sandboxed server
  | 'approval'
  | 'config'
  | 'gateway' // start, stop, checkpoint

export type AuditDetails = { readonly [key: string]: AuditValue }
export type AuditValue = Redacted | number | boolean | null | readonly AuditValue[] | AuditDetails

/** If `append` throws or rejects, the caller lets nothing pass. */
export type AuditPort = {
  /** Resolves once the record is as durable as configured. */
  append(event: AuditEvent): void | Promise<void>
}

/** Where pieces of work are kept between messages and restarts. */
export type SessionPort = {
  load(tenant: Tenant, id: SessionId): Session | undefined
  save(tenant: Tenant, session: Session): void
  /** What any session of the principal was labelled with. */
  labelsOf(tenant: Tenant, principal: Principal): readonly string[]
}

/** A question to a person, bound to exactly one message. */
export type Question = {
  readonly message: Message
  readonly decision: Decision
}

export type Answer =
  | { readonly kind: 'yes'; readonly by: string }
  | { readonly kind: 'no'; readonly by: string }
  | { readonly kind: 'nobody'; readonly why: string }

/** Asks a person; `nobody` when there is no one to ask or no answer in time, which counts as no. */
export type ApprovalPort = {
  ask(question: Question, signal: AbortSignal): Promise<Answer>
}
