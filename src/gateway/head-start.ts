import type { ServerName } from '../core/brand.ts'
import type { Link, LinkEvents, WireOddity } from '../wire/link.ts'
import type { ServerSetup } from './pool.ts'

/** A server that gets ready before anybody asks it. */
export type HeadStart = {
  /** The same server; the first to open it gets what was begun, whether that went well or not. */
  readonly setup: ServerSetup
  /** Settles when the server's process runs, or could not be started; never rejects. */
  readonly begun: Promise<void>
  /** Ends what nobody has asked for. */
  close(): Promise<void>
}

type Early = Pick<LinkEvents, 'oddity'> & { readonly who: Parameters<ServerSetup['open']>[1] }

/** Opens a server now. What it says before it is asked waits for whoever asks first; complaints about it do not. */
export function headStart(setup: ServerSetup, { who, oddity }: Early): HeadStart {
  const owner = Promise.withResolvers<LinkEvents>()
  let known: LinkEvents | undefined
  const events: LinkEvents = {
    heard: frame => known?.heard?.(frame),
    unsolicited: async frame => (await owner.promise).unsolicited(frame),
    oddity: what => (known?.oddity ?? oddity)(what),
  }
  const link = setup.open(events, who)
  const begun = link.then(nothing, nothing)
  let isTaken = false
  const take = (taker: LinkEvents): Promise<Link> => {
    isTaken = true
    known = taker
    owner.resolve(taker)
    return link
  }
  const close = async (): Promise<void> => {
    if (isTaken) return
    isTaken = true
    await link.then(open => open.close(), nothing)
  }
  if (Number.isFinite(setup.idleMs)) {
    // What nobody came for is not kept longer than what nobody uses any more; what ended meanwhile is begun anew.
    setTimeout(() => void close(), setup.idleMs).unref()
    void link.then(open => open.closed.then(close), nothing)
  }
  return {
    setup: { ...setup, open: (taker, asking) => (isTaken ? setup.open(taker, asking) : take(taker)) },
    begun,
    close,
  }
}

function nothing(): void {}

type Everyone = Pick<Early, 'who'> & { oddity(server: ServerName, what: WireOddity): void }

/** Opens all local servers. */
export function headStarts(
  setups: ReadonlyMap<ServerName, ServerSetup>,
  { who, oddity }: Everyone,
): ReadonlyMap<ServerName, HeadStart> {
  const begun = new Map<ServerName, HeadStart>()
  for (const [server, setup] of setups)
    if (setup.kind === 'stdio') begun.set(server, headStart(setup, { who, oddity: what => oddity(server, what) }))
  return begun
}

/** The same servers, each of which was begun being the one that was. */
export function withHeadStarts(
  setups: ReadonlyMap<ServerName, ServerSetup>,
  early: ReadonlyMap<ServerName, HeadStart>,
): ReadonlyMap<ServerName, ServerSetup> {
  return new Map([...setups].map(([server, setup]) => [server, early.get(server)?.setup ?? setup]))
}
