import { basename } from 'node:path'
import type { EgressRoom, NamespaceRoom } from '../core/egress.ts'
import type { Launch, SandboxTier } from '../core/launch.ts'
import { bubblewrapLaunch, innerLimits, type Setting as Place, type Workshop } from './bubblewrap.ts'
import { containerLaunch, type Image } from './container.ts'
import { watchDisk } from './disk-watch.ts'
import { withoutEngine } from './engine-command.ts'
import { landlockLaunch, landlockLosses } from './landlock.ts'
import type { Machine, Obstacle } from './machine.ts'
import { closedTo, type OtherUser, userFor } from './other-user.ts'
import { keptPlaces, watchPins } from './pin-watch.ts'
import type { Plan } from './plan.ts'
import type { Refused } from './program.ts'
import { seatbeltProfile } from './seatbelt.ts'
import { watchTree } from './watchdog.ts'

export type TierOptions = {
  /** Tiers that a person accepted, strongest first. Only `full` when nothing was said; `none` is never implied. */
  readonly accept?: readonly SandboxTier[]
  /** Image that the container tier runs, named by digest. */
  readonly image?: string
  /** The separate user that root starts servers as; in the full tier one is made up where none is named. */
  readonly runAs?: OtherUser
}

export type Compiled = { readonly ok: true; readonly launch: Launch; readonly losses: readonly string[] } | Refused

export type Chosen =
  | { readonly ok: true; readonly tier: SandboxTier; compile(plan: Plan, room: EgressRoom | undefined): Compiled }
  | Refused

/** The strongest accepted tier that this machine can hold; a weaker one is taken only because a person accepted it. */
export function chooseTier(plan: Plan, machine: Machine, options: TierOptions): Chosen {
  const accept = options.accept ?? ['full']
  const why: string[] = []
  const waysOut: string[] = []
  for (const tier of accept) {
    const chosen = withoutEngine(tier, plan) ?? tierOf(tier, plan, { machine, options })
    if (chosen.ok) return chosen
    why.push(`${tier}: ${chosen.reason}`)
    if (!waysOut.includes(chosen.wayOut)) waysOut.push(chosen.wayOut)
  }
  if (!accept.includes('none')) waysOut.push('or accept a weaker tier by name')
  const reason = `no sandbox for ${plan.server} (${why.join('; ') || 'no tier is accepted'})`
  return { ok: false, reason, wayOut: waysOut.join('; ') }
}

type Setting = { readonly machine: Machine; readonly options: TierOptions }

function tierOf(tier: SandboxTier, plan: Plan, setting: Setting): Chosen {
  switch (tier) {
    case 'full':
      return full(setting)
    case 'container':
      return container(plan, setting)
    case 'user':
      return user(plan, setting)
    case 'reduced':
      return reduced(plan, setting)
    case 'none':
      return none()
    default:
      return tier satisfies never
  }
}

function full({ machine, options }: Setting): Chosen {
  const { bubblewrap, architecture, tools } = machine
  if (!bubblewrap.ok) return refusal(bubblewrap)
  if (architecture === undefined || tools.bwrap === undefined || tools.prlimit === undefined)
    return { ok: false, reason: 'bubblewrap is not complete', wayOut: 'apt install bubblewrap util-linux' }
  const workshop: Workshop = { machine, bubblewrap, architecture, bwrap: tools.bwrap, prlimit: tools.prlimit }
  return {
    ok: true,
    tier: 'full',
    compile: (plan, room) => {
      if (room?.kind === 'proxy')
        return { ok: false, reason: 'bubblewrap needs a network namespace, not a proxy', wayOut: 'set net: none' }
      const as = placeOf(plan, machine, options.runAs)
      if ('ok' in as) return as
      const place = room === undefined ? as : inRoom(room, as)
      const launch = bubblewrapLaunch(plan, workshop, place)
      const losses = [...oldLosses(workshop), ...rootLosses(place, machine, plan)]
      const watches = [...watchesOf(plan, ['/tmp', '/dev/shm']), ...pinWatches(plan, workshop.bwrap)]
      return { ok: true, launch: { ...launch, watch: joined(watches) }, losses }
    },
  }
}

/** Root hands its servers to somebody else wherever that one can use what the server was given. */
function placeOf(plan: Plan, machine: Machine, runAs: OtherUser | undefined): Place | Refused {
  const { setpriv } = machine.tools
  if (machine.uid !== 0 || !machine.canBeAnother || setpriv === undefined) return { kind: 'plain' }
  const user = runAs ?? userFor(plan.server)
  const closed = closedTo(plan, user)
  if (closed === undefined) return { kind: 'user', user, setpriv }
  if (runAs === undefined) return { kind: 'plain' }
  return { ok: false, reason: `${closed}, and user ${runAs.uid} is one`, wayOut: 'open it, or leave the user out' }
}

function inRoom(room: NamespaceRoom, as: Place): Place {
  return as.kind === 'user' ? { kind: 'room', room, as } : { kind: 'room', room }
}

type Watch = NonNullable<Launch['watch']>

function watched(plan: Plan): Watch {
  return joined(watchesOf(plan))
}

function watchesOf({ permission: { limits }, write }: Plan, placesInMemory: readonly string[] = []): readonly Watch[] {
  const tree = watchTree({ memoryMiB: limits.memoryMiB, pids: limits.pids, placesInMemory })
  if (write.length === 0) return [tree]
  const folders = [...new Set(write.map(({ from }) => from))]
  return [tree, watchDisk({ ...limits, folders })]
}

function pinWatches(plan: Plan, wrapper: string): readonly Watch[] {
  const places = keptPlaces(plan)
  return places.length === 0 ? [] : [watchPins(places, basename(wrapper))]
}

function joined(watches: readonly Watch[]): Watch {
  return (pid, stop) => {
    const ends = watches.map(watch => watch(pid, stop))
    return () => {
      for (const end of ends) end()
    }
  }
}

function oldLosses({ bubblewrap }: Workshop): string[] {
  return [
    ...(bubblewrap.canSizeTmpfs ? [] : ['the size of /tmp is not limited: bubblewrap 0.8 or newer can']),
    ...(bubblewrap.canBindDescriptors
      ? []
      : ['whoever may write the parent of a declared path could swap it during the start: bubblewrap 0.10 or newer']),
  ]
}

function rootLosses(place: Place, machine: Machine, plan: Plan): string[] {
  if (machine.uid !== 0 || place.kind === 'user' || (place.kind === 'room' && place.as !== undefined)) return []
  const closed = machine.canBeAnother ? closedTo(plan, userFor(plan.server)) : undefined
  const why = closed === undefined ? '' : `, since ${closed}`
  return [`it runs as root without capabilities${why}: the number of processes is watched, not held by the kernel`]
}

function container(plan: Plan, { machine, options }: Setting): Chosen {
  const engine = machine.container
  if (!engine.ok) return refusal(engine)
  const path = machine.tools[engine.name]
  if (options.image === undefined || path === undefined)
    return { ok: false, reason: 'no image is named', wayOut: 'name an image by its digest' }
  const image: Image = { reference: options.image, uid: machine.uid, gid: machine.gid }
  const compiled = containerLaunch(plan, path, image)
  return compiled.ok ? { ok: true, tier: 'container', compile: after => containerLaunch(after, path, image) } : compiled
}

/** Another user of the same machine: its files are closed to it by ownership, everything else is open. */
function user(plan: Plan, { machine, options: { runAs } }: Setting): Chosen {
  const { setpriv, prlimit } = machine.tools
  if (machine.uid !== 0) return { ok: false, reason: 'only root can start another user', wayOut: 'use the full tier' }
  if (setpriv === undefined || prlimit === undefined)
    return { ok: false, reason: 'setpriv and prlimit (util-linux) were not found', wayOut: 'apt install util-linux' }
  if (runAs === undefined || runAs.uid <= 0 || runAs.gid <= 0)
    return { ok: false, reason: 'no separate user is named', wayOut: 'make one, and name its uid and gid' }
  if (plan.hosts.length > 0) return { ok: false, reason: 'dials could not be judged', wayOut: 'use the full tier' }
  return {
    ok: true,
    tier: 'user',
    compile: after => {
      const as = [`--reuid=${runAs.uid}`, `--regid=${runAs.gid}`, '--clear-groups', '--no-new-privs', '--inh-caps=-all']
      const limits = innerLimits(after, machine).filter(limit => !limit.startsWith('--nproc'))
      const args = [...as, '--', prlimit, ...limits, '--', after.program, ...after.args]
      const { env, cwd } = after
      const launch: Launch = { command: setpriv, args, env, cwd, inputs: [], tier: 'user', watch: watched(after) }
      return { ok: true, launch, losses: userLosses }
    },
  }
}

const userLosses = [
  'net: the network is open to it',
  'files.read: it reads whatever is readable to everybody',
  'files.write: ownership decides, not the document',
  'children: it can start any program, and one that it detaches can outlive it',
]

/** macOS: the kernel holds files and network, nothing holds the rest. Linux: Landlock and the filter, no namespaces. */
function reduced(plan: Plan, { machine }: Setting): Chosen {
  if (machine.platform === 'linux') return landlocked(plan, machine)
  const sandboxExec = machine.tools['sandbox-exec']
  if (machine.platform !== 'darwin' || sandboxExec === undefined)
    return { ok: false, reason: 'sandbox-exec is a part of macOS', wayOut: 'use the full or the container tier' }
  return {
    ok: true,
    tier: 'reduced',
    compile: (plan, room) => {
      if (room?.kind === 'namespace') return { ok: false, reason: 'macOS has no namespaces', wayOut: 'set net: none' }
      const profile = seatbeltProfile(plan, room?.port)
      if (!profile.ok) return profile
      const args = ['-p', profile.text, plan.program, ...plan.args]
      const env = { ...plan.env, ...room?.env }
      const launch: Launch = { command: sandboxExec, args, env, cwd: plan.cwd, inputs: [], tier: 'reduced' }
      return { ok: true, launch, losses: profile.losses }
    },
  }
}

function landlocked(plan: Plan, machine: Machine): Chosen {
  const { landlock, architecture } = machine
  if (landlock === undefined || !landlock.ok)
    return landlock === undefined
      ? { ok: false, reason: 'Landlock was not tried', wayOut: 'use the full tier' }
      : refusal(landlock)
  if (architecture === undefined)
    return { ok: false, reason: 'no system call filter', wayOut: 'use the container tier' }
  if (machine.uid === 0)
    return {
      ok: false,
      reason: 'root could undo it',
      wayOut: 'run the gateway as an ordinary user, or use the full tier',
    }
  if (plan.hosts.length > 0)
    return { ok: false, reason: 'it has no network at all', wayOut: 'set net: none, or use the full tier' }
  return {
    ok: true,
    tier: 'reduced',
    compile: after => {
      const launch = landlockLaunch(after, { landlock, architecture, root: machine.root })
      return { ok: true, launch: { ...launch, watch: watched(after) }, losses: landlockLosses(after, landlock.abi) }
    },
  }
}

/** No walls at all; only the environment is still clean. */
function none(): Chosen {
  const losses = ['nothing is held: it can read, change, send and run whatever the gateway’s user can']
  return {
    ok: true,
    tier: 'none',
    compile: ({ program: command, args, env, cwd }) => {
      return { ok: true, launch: { command, args, env, cwd, inputs: [], tier: 'none' }, losses }
    },
  }
}

function refusal({ reason, detail, wayOut }: Obstacle): Refused {
  return { ok: false, reason: `${reason} (${detail})`, wayOut }
}
