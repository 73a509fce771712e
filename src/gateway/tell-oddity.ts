import { printable } from '../audit/printable.ts'
import type { ServerName } from '../core/brand.ts'
import type { WireOddity } from '../wire/link.ts'
import type { Ports } from './open-ports.ts'

/** Records what could not be accepted on a wire, and shows people what a server says for them. */
export function tellOddity(ports: Pick<Ports, 'recordOddity'>, say: (text: string) => void) {
  return (server: ServerName | undefined, what: WireOddity): void => {
    ports.recordOddity(server, what)
    // Its own line in somebody's terminal or log: a server draws nothing there and forges no second line.
    if (what.code === 'stderr') say(`${server ?? 'client'}: ${printable(what.sample)}`)
  }
}
