import { type Alert, type Alerter, alerterOf } from '../audit/alert.ts'
import { printable } from '../audit/printable.ts'
import { redactText } from '../audit/redact.ts'
import { isAtLeast } from '../core/finding.ts'
import type { AuditEvent, AuditPort } from '../core/port.ts'

/**
 * A record that is also watched: what a person should look at is recorded as an alert behind the event that raised it,
 * and said aloud when it is critical. Whether the event itself could be recorded is decided by the record alone.
 */
export function watchful(audit: AuditPort, say: (text: string) => void, alerter: Alerter = alerterOf()): AuditPort {
  return {
    append(event) {
      const done = audit.append(event)
      for (const alert of alerter.raise(event)) {
        keep(audit, alert)
        if (isAtLeast(alert.severity, 'critical')) say(printable(`alert: ${alert.text}`))
      }
      return done
    },
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
