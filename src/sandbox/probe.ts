import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs'
import { homedir, release } from 'node:os'
import { join } from 'node:path'
import { bubblewrapLaunch, type Setting, type Workshop } from './bubblewrap.ts'
import { tryLandlock } from './landlock-probe.ts'
import { type Bubblewrap, type Engine, type Machine, type Obstacle, type Tool, toolNames } from './machine.ts'
import { missing, obstacle, obstacleOf, type Switches } from './obstacle.ts'
import { userFor } from './other-user.ts'
import { readPermission } from './permission.ts'
import type { Plan } from './plan.ts'
import { circumstancesOf, type Full, type ProbeMemory, type Tried } from './probe-memory.ts'
import { runOnce } from './run-once.ts'
import { architectures } from './system-call.ts'
import { systemRoot } from './system-root.ts'

/** Where the system keeps its tools; a PATH can be set by anyone who starts the gateway. */
const toolFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', '/run/current-system/sw/bin']

const probeMs = 5000

export type ProbeOptions = {
  /** Folders in which tools are looked up; a test takes bubblewrap away with it. */
  readonly toolFolders?: readonly string[]
  /** Asking a container engine can take seconds; left out where nothing needs the answer. */
  readonly asksEngine?: boolean
  /** Spares a start the trial of a sandbox that an earlier one has made under the same circumstances. */
  readonly memory?: ProbeMemory
  /** Landlock is tried where bubblewrap cannot be had; with this, in any case. */
  readonly asksLandlock?: boolean
}

/** Tries the machine once, by running a sandbox and reading back from inside what it is. */
export async function probeMachine(options: ProbeOptions = {}): Promise<Machine> {
  const [major = 0, minor = 0] = release()
    .split('.')
    .map(part => Number.parseInt(part, 10))
  const bare: Machine = {
    platform: process.platform,
    architecture: architectures.find(name => name === process.arch),
    uid: process.getuid?.() ?? -1,
    gid: process.getgid?.() ?? -1,
    home: homedir(),
    kernel: [major, minor],
    tools: findTools(options.toolFolders ?? toolFolders),
    root: systemRoot(),
    bubblewrap: obstacle('missing', 'not tried'),
    container: obstacle('missing', 'not tried'),
    canBeAnother: false,
  }
  const circumstances = options.memory === undefined ? '' : circumstancesOf(bare, readSwitches())
  const known = options.memory?.recall(circumstances) ?? {}
  const [full, container] = await Promise.all([
    known.full ?? tryOut(bare),
    options.asksEngine === false ? bare.container : tryEngine(bare),
  ])
  const isWanted = options.asksLandlock === true || !full.bubblewrap.ok
  const landlock = isWanted ? (known.landlock ?? (await tryLandlock(bare))) : undefined
  const isNewFull = known.full === undefined && full.bubblewrap.ok
  const news: Tried = {
    ...(isNewFull ? { full: { ...full, bubblewrap: full.bubblewrap } } : {}),
    ...(known.landlock === undefined && landlock?.ok === true ? { landlock } : {}),
  }
  if (Object.keys(news).length > 0) options.memory?.keep(circumstances, news)
  return { ...bare, ...full, container, ...(landlock === undefined ? {} : { landlock }) }
}

type Trial = Full | { readonly bubblewrap: Obstacle; readonly canBeAnother: false }

async function tryOut(machine: Machine): Promise<Trial> {
  const bubblewrap = await tryBubblewrap(machine)
  if (!bubblewrap.ok) return { bubblewrap, canBeAnother: false }
  return { bubblewrap, canBeAnother: await tryAnother(machine, bubblewrap) }
}

function findTools(folders: readonly string[]): Machine['tools'] {
  const found: Partial<Record<Tool, string>> = {}
  for (const name of toolNames) {
    const path = folders.map(folder => join(folder, name)).find(isExecutable)
    if (path !== undefined) found[name] = realpathSync(path)
  }
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function tryBubblewrap(machine: Machine): Promise<Bubblewrap | Obstacle> {
  if (machine.platform !== 'linux') return obstacle('platform', `bubblewrap needs Linux, this is ${machine.platform}`)
  if (machine.architecture === undefined) return obstacle('architecture', `no system call table for ${process.arch}`)
  const { bwrap, prlimit } = machine.tools
  if (bwrap === undefined) return missing('bwrap', 'bubblewrap')
  if (prlimit === undefined) return missing('prlimit', 'util-linux')
  const help = await runOnce({ argv: [bwrap, '--help'], inputs: [] }, probeMs)
  const version = await runOnce({ argv: [bwrap, '--version'], inputs: [] }, probeMs)
  const able: Bubblewrap = {
    ok: true,
    version: /[0-9]+(?:\.[0-9]+)+/u.exec(version.stdout)?.[0] ?? 'unknown',
    canDisableUserNamespaces: help.stdout.includes('--disable-userns'),
    canSizeTmpfs: help.stdout.includes('--size'),
    canBindDescriptors: help.stdout.includes('--ro-bind-fd'),
    layers: [],
  }
  return startOne(machine, able, { bwrap, prlimit, architecture: machine.architecture })
}

type Parts = { bwrap: string; prlimit: string; architecture: NonNullable<Machine['architecture']> }

async function startOne(machine: Machine, bubblewrap: Bubblewrap, parts: Parts): Promise<Bubblewrap | Obstacle> {
  const found = await startProbe({ machine, bubblewrap, ...parts }, { kind: 'plain' })
  return found ?? { ...bubblewrap, layers: layersOf(bubblewrap) }
}

/** Whether root can start a sandbox as somebody else: where only root may make namespaces, it cannot. */
async function tryAnother(machine: Machine, bubblewrap: Bubblewrap): Promise<boolean> {
  const { bwrap, prlimit, setpriv } = machine.tools
  if (machine.uid !== 0 || machine.architecture === undefined) return false
  if (bwrap === undefined || prlimit === undefined || setpriv === undefined) return false
  const workshop = { machine, bubblewrap, architecture: machine.architecture, bwrap, prlimit }
  return (await startProbe(workshop, { kind: 'user', user: userFor('probe'), setpriv })) === undefined
}

async function startProbe(workshop: Workshop, setting: Setting): Promise<Obstacle | undefined> {
  const plan = probePlan()
  if (plan === undefined) return missing('cat', 'coreutils')
  const launch = bubblewrapLaunch(plan, workshop, setting)
  const argv = [launch.command, ...launch.args]
  const { inputs, hold, env } = launch
  const ran = await runOnce({ argv, inputs, hold, env }, probeMs)
  if (ran.code !== 0) return obstacleOf(ran.stderr || ran.failure || `ended with ${ran.code}`, readSwitches())
  const leaks = leaksIn(ran.stdout)
  return leaks.length > 0 ? obstacle('leaks', leaks.join('; ')) : undefined
}

const cat = ['/usr/bin/cat', '/bin/cat'].find(path => existsSync(path))

function probePlan(): Plan | undefined {
  const reading = readPermission({}, { cwd: '/', home: '/nonexistent' })
  if (!reading.ok || cat === undefined) return undefined
  const args = ['/proc/self/status', '/proc/self/uid_map', '/proc/self/net/dev', '/proc/self/environ']
  const common = { read: [], write: [], pins: [], code: [], hosts: [], cwd: '/tmp', env: { PROBE: 'probe' } }
  return {
    ...common,
    server: 'probe',
    program: cat,
    args,
    children: [realpathSync(cat)],
    permission: reading.permission,
  }
}

/** What should hold inside and does not. */
function leaksIn(report: string): string[] {
  const expected: readonly (readonly [RegExp, string])[] = [
    [/^Seccomp:\s+2$/mu, 'the system call filter is not active'],
    [/^NoNewPrivs:\s+1$/mu, 'new privileges can be gained'],
    [/^CapEff:\s+0+$/mu, 'capabilities are left'],
    [/^CapBnd:\s+0+$/mu, 'capabilities can be regained'],
    [/^Pid:\s+[0-9]{1,2}$/mu, 'it has no process namespace of its own'],
    [/^Uid:\s+1000\s/mu, 'it runs as somebody else'],
    [/PROBE=probe\0/u, 'its environment is not the one that was given'],
  ]
  const wrong = expected.filter(([pattern]) => !pattern.test(report)).map(([, text]) => text)
  const devices = [...report.matchAll(/^\s*([\w@.-]+):(?:\s+\d+){8}/gmu)].map(([, name]) => name)
  const others = devices.filter(name => name !== 'lo')
  const names = [...report.matchAll(/(?:^|[\n\0])([A-Z_]+)=/gu)].map(([, name]) => name)
  if (names.some(name => name !== 'PROBE' && name !== 'PWD')) wrong.push('it inherited an environment')
  if (devices.length === 0) wrong.push('its network could not be seen')
  return others.length > 0 ? [...wrong, `network devices are visible: ${others.join(', ')}`] : wrong
}

function layersOf({ canDisableUserNamespaces, canSizeTmpfs }: Bubblewrap): string[] {
  const always = ['own root', 'user namespace', 'process namespace', 'network namespace', 'ipc namespace', 'seccomp']
  return [
    ...always,
    ...['no capabilities', 'limits'],
    ...(canDisableUserNamespaces ? ['no nested namespaces'] : []),
    ...(canSizeTmpfs ? ['bounded /tmp'] : []),
  ]
}

function readSwitches(): Switches {
  const max = readNumber('/proc/sys/user/max_user_namespaces')
  return {
    appArmorRestricts: readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === 1,
    userNamespacesMax: max,
    unprivilegedAllowed: readNumber('/proc/sys/kernel/unprivileged_userns_clone') !== 0,
  }
}

function readNumber(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8').trim())
  } catch {
    return undefined
  }
}

async function tryEngine(machine: Machine): Promise<Engine | Obstacle> {
  for (const name of ['podman', 'docker'] as const) {
    const path = machine.tools[name]
    if (path === undefined) continue
    const argv = [path, 'info', '--format', name === 'docker' ? '{{.ServerVersion}}' : '{{.Version.Version}}']
    const ran = await runOnce({ argv, inputs: [], env: { PATH: '/usr/bin:/bin', HOME: machine.home } }, probeMs)
    const version = ran.stdout.trim()
    if (ran.code === 0 && /^[0-9]+\.[0-9]/u.test(version)) return { ok: true, name, version }
  }
  const present = [machine.tools.docker, machine.tools.podman].filter(path => path !== undefined)
  return present.length > 0
    ? obstacle('no-answer', `${present.join(' and ')} did not answer`)
    : missing('neither podman nor docker', 'podman')
}
