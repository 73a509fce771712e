import { redactText } from '../audit/redact.ts'
import { localTenant } from '../core/brand.ts'
import type { EgressPort } from '../core/egress.ts'
import type { AuditPort } from '../core/port.ts'
import type { Egress } from '../egress/egress.ts'
import { type Grants, optionOf } from './document-line.ts'
import { openKnownHosts } from './known-hosts.ts'

/** Rooms that wait, so that the next server with hosts does not wait for one. */
const readyRooms = 1

const toldMax = 1000

export type LazyEgress = {
  readonly audit: AuditPort
  /** Where it is kept which hosts were reached before. */
  readonly folder: string
  say(text: string): void
  readonly grants?: Grants
}

/** The network for servers that declare hosts; loaded when the first of them starts, because most never need one. */
export function lazyEgress({ audit, folder, say, grants }: LazyEgress): EgressPort & { close(): Promise<void> } {
  let opened: Promise<Egress> | undefined
  const told = new Set<string>()
  // A server that tries again and again is told of once.
  const tell = (text: string) => {
    if (told.has(text) || told.size >= toldMax) return
    told.add(text)
    say(text)
  }
  const open = async (): Promise<Egress> => {
    const { openEgress } = await import('../egress/egress.ts')
    const known = openKnownHosts(folder, say)
    return openEgress({
      isKnown: known.has,
      tenant: localTenant,
      record: event => {
        // The one line that a person needs when an honest server was refused; the record has all of them.
        const { what, verdict, why, host, port, reason } = event.details
        const option = optionOf({ kind: 'host', value: `${host}:${port}` })
        const isByOption = grants === 'options' && reason === 'not-declared'
        if (what === 'dial' && verdict === 'refuse')
          tell(
            `${event.server}: ${isByOption ? `if it needs ${host}, add ${option} before -- to sallyport exec` : why}`,
          )
        if (what === 'room' && verdict === 'refuse') tell(`${event.server}: its network was interrupted (${why})`)
        if (what === 'dial' && verdict === 'allow' && event.server !== undefined) known.add(event.server, `${host}`)
        return audit.append(event)
      },
      redact: redactText,
      ready: readyRooms,
    })
  }
  return {
    async open(server, hosts) {
      opened ??= open()
      return (await opened).open(server, hosts)
    },
    async close() {
      await (await opened)?.close()
    },
  }
}
