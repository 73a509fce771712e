import type { NamespaceRoom } from '../core/egress.ts'
import type { Launch } from '../core/launch.ts'
import { holdPlaces } from './held-place.ts'
import type { Bubblewrap, Machine } from './machine.ts'
import type { OtherUser } from './other-user.ts'
import type { Plan } from './plan.ts'
import { realPathOf } from './real-path.ts'
import { seccompFilter } from './seccomp.ts'
import type { Architecture } from './system-call.ts'

const mebi = 1024 * 1024
const sharedMemoryMiB = 16

/**
 * Node 24 reserves 512 MiB of address space for compiled code before it runs a line, and as much again for each thread of
 * its own that a server starts (to write a log, say), and the kernel counts it as data: one process and four threads.
 * What is really used is held by the watchdog; this stops a balloon between two of its looks.
 */
export const reservedMiB = 640 + 4 * 544

/** Who the server is inside; maps to the gateway's own user outside, with no capability over anything. */
const insider = { uid: 1000, gid: 1000 } as const

const passwd = `server:x:${insider.uid}:${insider.gid}::/tmp:/usr/sbin/nologin\n`
const group = `server:x:${insider.gid}:\n`
const nameSwitch = 'passwd: files\ngroup: files\nhosts: files dns\n'

export type Workshop = {
  readonly machine: Machine
  readonly bubblewrap: Bubblewrap
  readonly architecture: Architecture
  /** Absolute path of bwrap and of prlimit. */
  readonly bwrap: string
  readonly prlimit: string
}

/** Where and as whom: in a network namespace made before, as another user than root, or both. */
export type Setting =
  | { readonly kind: 'plain' }
  | { readonly kind: 'room'; readonly room: NamespaceRoom; readonly as?: As }
  | ({ readonly kind: 'user' } & As)

type As = { readonly user: OtherUser; readonly setpriv: string }

/** The whole start of a server under bubblewrap. Nothing but the command is on the command line; the rest is in inputs. */
export function bubblewrapLaunch(plan: Plan, workshop: Workshop, setting: Setting): Launch {
  const room = setting.kind === 'room' ? setting.room : undefined
  const filter = seccompFilter(workshop.architecture, { unixSockets: plan.permission.unixSockets })
  const files = Object.entries({ ...etcFiles, ...room?.files })
  const binds = bindings(plan)
  const places = workshop.bubblewrap.canBindDescriptors ? binds.map(({ from }) => from) : []
  // Descriptor 3 is --args, 4 the filter, then one for each file in the order of `inputs`, then one for each place.
  const options = [
    ...isolation(workshop, room !== undefined),
    ...ownRoot(plan, workshop),
    ...covers(workshop, workshop.machine.uid === 0 && asOf(setting) === undefined),
    ...files.flatMap(([path], i) => ['--ro-bind-data', String(5 + i), path]),
    ...binds.flatMap(({ path, from, how }, i) =>
      workshop.bubblewrap.canBindDescriptors ? [`${how}-fd`, String(5 + files.length + i), path] : [how, from, path],
    ),
    // Last, so that nothing above finds it closed. A root that can be written is memory without a limit.
    ...['--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--seccomp', '4', '--chdir', plan.cwd],
  ]
  const inner = [workshop.prlimit, ...innerLimits(plan, workshop.machine), '--', plan.program, ...plan.args]
  const argv = [workshop.bwrap, '--args', '3', '--', ...inner]
  const [command = '', ...args] = [...before(setting), ...argv]
  const inputs = [
    Buffer.from(options.map(option => `${option}\0`).join('')),
    filter,
    ...files.map(([, text]) => Buffer.from(text)),
  ]
  // The environment of bubblewrap itself: inside it can be read at /proc/1/environ, so it holds what the server may know.
  const hold = places.length > 0 ? { hold: () => holdPlaces(places) } : {}
  return { command, args, env: plan.env, cwd: '/', inputs, ...hold, tier: 'full' }
}

/** Programs that change where or as whom and then become bubblewrap: same process, no shell. */
function before(setting: Setting): readonly string[] {
  const as = asOf(setting)
  if (as === undefined) return setting.kind === 'room' ? setting.room.enter : []
  const { uid, gid } = as.user
  const become = [as.setpriv, `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--inh-caps=-all', '--']
  return setting.kind === 'room' ? [...setting.room.enterAsRoot, ...become] : become
}

function asOf(setting: Setting): As | undefined {
  if (setting.kind === 'room') return setting.as
  return setting.kind === 'user' ? setting : undefined
}

const etcFiles = { '/etc/passwd': passwd, '/etc/group': group, '/etc/nsswitch.conf': nameSwitch }

function isolation({ bubblewrap }: Workshop, hasRoom: boolean): string[] {
  return [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(hasRoom ? [] : ['--unshare-net']),
    ...(bubblewrap.canDisableUserNamespaces ? ['--disable-userns'] : []),
    ...['--uid', String(insider.uid), '--gid', String(insider.gid)],
    // Started by root, bubblewrap would keep every capability inside.
    ...['--cap-drop', 'ALL', '--die-with-parent', '--new-session', '--hostname', 'sandbox'],
  ]
}

function ownRoot(plan: Plan, { machine, bubblewrap, prlimit }: Workshop): string[] {
  const { root } = machine
  const system = plan.children === 'any' ? [...root.libraries, ...root.programs] : root.libraries
  const programs = plan.children === 'any' ? [] : [prlimit]
  return [
    ...[...system].sort().flatMap(path => ['--ro-bind', path, path]),
    ...Object.entries(root.links).flatMap(([path, target]) => ['--symlink', target, path]),
    ...programs.flatMap(path => ['--ro-bind', path, path]),
    ...root.settings.flatMap(path => ['--ro-bind', path, path]),
    ...['--proc', '/proc', '--dev', '/dev'],
    // Mapped, /dev/zero is memory that outlives every look at it; /dev/full reads the same and cannot be mapped.
    ...['--dev-bind', '/dev/full', '/dev/zero'],
    ...tmpfs('/tmp', plan.permission.limits.tmpMiB, bubblewrap),
    ...tmpfs('/dev/shm', sharedMemoryMiB, bubblewrap),
    // Relative arguments mean what they meant outside, even where the working folder itself is not given.
    ...['--dir', plan.cwd],
  ]
}

function tmpfs(path: string, sizeMiB: number, { canSizeTmpfs }: Bubblewrap): string[] {
  return [...(canSizeTmpfs ? ['--size', String(sizeMiB * mebi)] : []), '--perms', '1777', '--tmpfs', path]
}

// The first process of the namespace is the wrapper itself. It has no limits, and with it everything ends when the gateway
// does: who may write its memory takes away both. No filter sees a path, so its folder is covered.
const first = '/proc/1/'

// To root, /proc/sys is the machine's own: core_pattern written there is a program that the kernel runs outside. To
// anybody else it still holds settings of the process namespace, and the machine's pressure can be watched by writing; the
// other covers are closed to them already.
const openToAll: readonly string[] = ['/proc/sys/', '/proc/pressure/']

function covers({ machine, bubblewrap: { canSizeTmpfs } }: Workshop, isRoot: boolean): string[] {
  const paths = isRoot ? machine.root.covered : machine.root.covered.filter(path => openToAll.includes(path))
  return [first, ...paths].flatMap(path =>
    path.endsWith('/')
      ? [...(canSizeTmpfs ? ['--size', '4096'] : []), '--tmpfs', path.slice(0, -1), '--remount-ro', path.slice(0, -1)]
      : ['--ro-bind', '/dev/null', path],
  )
}

type Bind = { readonly path: string; readonly from: string; readonly how: '--bind' | '--ro-bind' }

/**
 * Outer folders first, so that what is declared or kept inside another keeps its own right. Of the same path the later
 * counts: what may be written is, although it is code as well, and what is kept is not.
 */
function bindings({ children, code, read, write, pins }: Plan): Bind[] {
  const programs = children === 'any' ? [] : children
  const all = [
    // A program may have been named by a link; what is bound is where it leads.
    ...programs.map(path => ({ path, from: realPathOf(path) ?? path, how: '--ro-bind' as const })),
    ...code.map(path => ({ path, from: path, how: '--ro-bind' as const })),
    ...read.map(({ path, from }) => ({ path, from, how: '--ro-bind' as const })),
    ...write.map(({ path, from }) => ({ path, from, how: '--bind' as const })),
    ...pins.map(({ path, from, how }) => ({
      path,
      from,
      how: how === 'hold' ? ('--bind' as const) : ('--ro-bind' as const),
    })),
  ]
  return all.toSorted((a, b) => depth(a.path) - depth(b.path))
}

function depth(path: string): number {
  return path.split('/').length
}

/**
 * Limits are set inside the new user namespace: outside, the number of processes would be counted over everything the
 * user runs, and the sandbox could not even start on a busy machine.
 */
export function innerLimits({ permission: { limits } }: Plan, machine: Machine): string[] {
  const countsPerNamespace = machine.kernel[0] > 5 || (machine.kernel[0] === 5 && machine.kernel[1] >= 14)
  return [
    ...(countsPerNamespace ? [`--nproc=${limits.pids}`] : []),
    `--data=${(limits.memoryMiB + reservedMiB) * mebi}`,
    `--fsize=${limits.fileMiB * mebi}`,
    `--nofile=${limits.openFiles}`,
    `--cpu=${limits.cpuSeconds}`,
    '--core=0',
  ]
}
