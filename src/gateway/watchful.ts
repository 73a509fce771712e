import { type Alert, type Alerter, alerterOf } from '../audit/alert.ts'
import { AuditError } from '../audit/audit-error.ts'
import { printable } from '../audit/printable.ts'
import { redactText } from '../audit/redact.ts'
import { isAtLeast } from '../core/finding.ts'
import type { AuditEvent, AuditPort } from '../core/port.ts'

/**
 * A record that is also watched: what a person should look at is recorded as an alert behind the event that raised it,
 * and said aloud when it is critical. Whether the event itself could be recorded is decided by the record alone; that it
 * could not is said aloud too, because the record is the one place that cannot tell it.
 */
export function watchful(audit: AuditPort, say: (text: string) => void, alerter: Alerter = alerterOf()): AuditPort {
  const health = newHealth(say)
  return {
    append(event) {
      const done = heeded(audit, event, health)
      for (const alert of alerter.raise(event)) {
        keep(audit, alert)
        if (isAtLeast(alert.severity, 'critical')) say(printable(`alert: ${alert.text}`))
      }
      return done
    },
  }
}

type Health = { worked(): void; failed(cause: unknown, atMs: number): void }

/** On a disk that is nearly full a small record fits where a large one does not: that comes and goes, and is told so often. */
const quietMs = 60_000

function newHealth(say: (text: string) => void): Health {
  let isDown = false
  let toldMs = Number.NEGATIVE_INFINITY
  return {
    worked() {
      if (!isDown) return
      isDown = false
      say('the record is written again')
    },
    failed(cause, atMs) {
      // What comes after the end of a gateway has nowhere to go, and nothing is wrong.
      const isOver = cause instanceof AuditError && cause.code === 'AUDIT_CLOSED'
      if (isDown || isOver || atMs - toldMs < quietMs) return
      isDown = true
      toldMs = atMs
      const why = cause instanceof Error ? cause.message : typeof cause
      say(printable(`the record cannot be written, and nothing passes until it can: ${why}`))
    },
  }
}

function heeded(audit: AuditPort, event: AuditEvent, health: Health): void | Promise<void> {
  try {
    const done = audit.append(event)
    if (done === undefined) health.worked()
    else void done.then(health.worked, cause => health.failed(cause, event.atMs))
    return done
  } catch (cause) {
    health.failed(cause, event.atMs)
    throw cause
  }
}

/** An alert that cannot be recorded stops nothing: the event behind it was, or has stopped the message itself. */
function keep(audit: AuditPort, alert: Alert): void {
  try {
    const done = audit.append(recordOf(alert))
    if (done !== undefined) void done.catch(() => {})
  } catch {}
}

function recordOf({ rule, severity, atMs, text, times, event }: Alert): AuditEvent {
  const { tenant, session, principal, server, message } = event
  return {
    // Not the kind of the event itself: an alert must not raise another one.
    kind: 'gateway',
    atMs,
    tenant,
    severity,
    ...(session === undefined ? {} : { session }),
    ...(principal === undefined ? {} : { principal }),
    ...(server === undefined ? {} : { server }),
    ...(message === undefined ? {} : { message }),
    details: { event: redactText('alert'), rule: redactText(rule), text, times },
  }
}
