import { redactText } from '../audit/redact.ts'
import type { ServerName } from '../core/brand.ts'
import type { AuditEvent } from '../core/port.ts'
import type { Power } from '../sandbox/credential-power.ts'

export type PowerPorts = {
  record(event: Omit<AuditEvent, 'atMs' | 'tenant'>): void
  say(text: string): void
}

/** Tells, once for each server and variable, of credentials that can do more than a server needs. It stops nothing. */
export function newPowerWatch({ record, say }: PowerPorts) {
  const told = new Set<string>()
  return {
    started(server: ServerName, powers: ReadonlyMap<string, Power>): void {
      for (const [name, { kind, can, instead, severity }] of powers) {
        const key = JSON.stringify([server, name, kind])
        if (told.has(key) || told.size >= toldMax) continue
        told.add(key)
        const wayOut = instead === undefined ? '' : `; narrower: ${instead}`
        say(redactText(`${server} was given more than a server needs: ${name} (${kind}) ${can}${wayOut}`))
        const details = { event: redactText('credential'), name: redactText(name), credential: redactText(kind) }
        const more = { can: redactText(can), ...(instead === undefined ? {} : { instead: redactText(instead) }) }
        record({ kind: 'server', server, severity, details: { ...details, ...more } })
      }
    },
  }
}

const toldMax = 1000
