import type { NamespaceRoom } from '../core/egress.ts'
import type { Launch } from '../core/launch.ts'
import type { Bubblewrap, Machine } from './machine.ts'
import type { OtherUser } from './other-user.ts'
import type { Plan } from './plan.ts'
import { seccompFilter } from './seccomp.ts'
import type { Architecture } from './system-call.ts'

const mebi = 1024 * 1024
const sharedMemoryMiB = 16

// Node 24 reserves 512 MiB of address space for compiled code before it runs a line, and the kernel counts it as data.
// What is really used is held by the watchdog; this stops a balloon between two of its looks.
const reservedMiB = 640

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
  // Descriptor 3 is --args, 4 the filter, then one for each file; the order is that of `inputs`.
  const options = [
    ...isolation(workshop, room !== undefined),
    ...ownRoot(plan, workshop),
    ...covers(workshop, workshop.machine.uid === 0 && asOf(setting) === undefined),
    ...files.flatMap(([path], i) => ['--ro-bind-data', String(5 + i), path]),
    ...bindings(plan),
    ...pins(plan),
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
  return { command, args, env: plan.env, cwd: '/', inputs, tier: 'full' }
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
  const programs = plan.children === 'any' ? [] : [prlimit, ...plan.children]
  return [
    ...[...system].sort().flatMap(path => ['--ro-bind', path, path]),
    ...Object.entries(root.links).flatMap(([path, target]) => ['--symlink', target, path]),
    ...programs.flatMap(path => ['--ro-bind', path, path]),
    ...root.settings.flatMap(path => ['--ro-bind', path, path]),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...tmpfs('/tmp', plan.permission.limits.tmpMiB, bubblewrap),
    ...tmpfs('/dev/shm', sharedMemoryMiB, bubblewrap),
    // Relative arguments mean what they meant outside, even where the working folder itself is not given.
    ...['--dir', plan.cwd],
  ]
}

function tmpfs(path: string, sizeMiB: number, { canSizeTmpfs }: Bubblewrap): string[] {
  return [...(canSizeTmpfs ? ['--size', String(sizeMiB * mebi)] : []), '--perms', '1777', '--tmpfs', path]
}

// To root, /proc/sys is the machine's own: core_pattern written there is a program that the kernel runs outside. To
// anybody else it still holds settings of the process namespace; the other covers are closed to them already.
function covers({ machine, bubblewrap: { canSizeTmpfs } }: Workshop, isRoot: boolean): string[] {
  const paths = isRoot ? machine.root.covered : machine.root.covered.filter(path => path === '/proc/sys/')
  return paths.flatMap(path =>
    path.endsWith('/')
      ? [...(canSizeTmpfs ? ['--size', '4096'] : []), '--tmpfs', path.slice(0, -1), '--remount-ro', path.slice(0, -1)]
      : ['--ro-bind', '/dev/null', path],
  )
}

/** Outer folders first, so that what is declared inside another keeps its own right. */
function bindings({ code, read, write }: Plan): string[] {
  const all = [
    ...code.map(path => ({ path, from: path, how: '--ro-bind' })),
    ...read.map(({ path, from }) => ({ path, from, how: '--ro-bind' })),
    ...write.map(({ path, from }) => ({ path, from, how: '--bind' })),
  ]
  const sorted = all.toSorted((a, b) => depth(a.path) - depth(b.path) || (a.how < b.how ? 1 : -1))
  return sorted.flatMap(({ path, from, how }) => [how, from, path])
}

function depth(path: string): number {
  return path.split('/').length
}

function pins({ pins }: Plan): string[] {
  return pins.flatMap(({ path, how }) => [how === 'hold' ? '--bind' : '--ro-bind', path, path])
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
