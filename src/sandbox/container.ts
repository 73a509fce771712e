import { basename } from 'node:path'
import type { Launch } from '../core/launch.ts'
import { lossesOfDisk, lossesOfHosts, lossesOfSecrets } from './losses.ts'
import type { Plan } from './plan.ts'
import type { Refused } from './program.ts'
import { isInterpreter, literalsOf, refuseStrings, withheldOf } from './target.ts'

export type Image = {
  /** With its digest: `node@sha256:…`. A tag is whatever its owner makes of it tomorrow. */
  readonly reference: string
  readonly uid: number
  readonly gid: number
}

const cpus = 1
const sharedMemoryMiB = 16
const anyUid = 10_001

/** `docker run` or `podman run`, spelled out: everything that is left to a default is a permission nobody gave. */
export function containerLaunch(
  plan: Plan,
  engine: string,
  image: Image,
): { ok: true; launch: Launch; losses: readonly string[] } | Refused {
  const refused = refuse(plan, image)
  if (refused) return refused
  const { limits } = plan.permission
  const args = [
    ...['run', '--rm', '--interactive', '--init', '--pull', 'never', '--log-driver', 'none'],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true', '--network', 'none'],
    ...['--user', userOf(image), '--workdir', plan.cwd, '--hostname', 'sandbox', '--ipc', 'private'],
    ...['--pids-limit', String(limits.pids), '--cpus', String(cpus)],
    ...[
      '--memory',
      `${limits.memoryMiB}m`,
      '--memory-swap',
      `${limits.memoryMiB}m`,
      '--shm-size',
      `${sharedMemoryMiB}m`,
    ],
    ...['--ulimit', 'core=0', '--ulimit', `nofile=${limits.openFiles}:${limits.openFiles}`],
    ...['--ulimit', `fsize=${limits.fileMiB * 1024 * 1024}`, '--ulimit', `cpu=${limits.cpuSeconds}`],
    ...['--tmpfs', `/tmp:rw,noexec,nosuid,nodev,size=${limits.tmpMiB}m`],
    ...volumesOf(plan).flatMap(volume => ['--mount', mountWord(volume)]),
    // Names only: the values travel in the environment of the client, where no other user can read them.
    ...Object.keys(plan.env)
      .filter(isPassed)
      .flatMap(name => ['--env', name]),
    ...['--', image.reference, ...commandOf(plan)],
  ]
  const launch: Launch = { command: engine, args, env: plan.env, cwd: '/', inputs: [], tier: 'container' }
  return { ok: true, launch, losses: lossesOf(plan) }
}

export type ComposeService =
  | { readonly ok: true; readonly service: Readonly<Record<string, unknown>>; readonly losses: readonly string[] }
  | Refused

/** The same as a service of a compose file, for whoever deploys servers by one. */
export function composeService(plan: Plan, image: Image): ComposeService {
  const refused = refuse(plan, image)
  if (refused) return refused
  const { limits } = plan.permission
  const service = {
    image: image.reference,
    command: commandOf(plan).map(escaped),
    user: userOf(image),
    working_dir: escaped(plan.cwd),
    read_only: true,
    init: true,
    stdin_open: true,
    // A stdio server belongs to whoever speaks to it: the gateway starts it again, not the engine.
    restart: 'no',
    network_mode: 'none',
    ipc: 'private',
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    pids_limit: limits.pids,
    cpus,
    mem_limit: `${limits.memoryMiB}m`,
    memswap_limit: `${limits.memoryMiB}m`,
    shm_size: `${sharedMemoryMiB}m`,
    tmpfs: [`/tmp:rw,noexec,nosuid,nodev,size=${limits.tmpMiB}m`],
    ulimits: { core: 0, nofile: limits.openFiles, fsize: limits.fileMiB * 1024 * 1024, cpu: limits.cpuSeconds },
    logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '2' } },
    environment: environmentOf(plan),
    volumes: volumesOf(plan).map(({ source, path, isReadOnly }) => ({
      ...{ type: 'bind', source: escaped(source), target: escaped(path), read_only: isReadOnly },
      bind: { create_host_path: false },
    })),
  }
  const losses = [...lossesOf(plan), ...lossesOfSecrets(plan, 'compose takes them from its own environment')]
  return { ok: true, service, losses }
}

function refuse(plan: Plan, image: Image): Refused | undefined {
  if (!/^[a-z0-9][a-z0-9._/:-]{0,200}@sha256:[0-9a-f]{64}$/u.test(image.reference))
    return {
      ok: false,
      reason: 'the image is not named by its digest',
      wayOut: 'write name@sha256:… (docker images --digests)',
    }
  if (plan.hosts.length > 0)
    return {
      ok: false,
      reason: 'a container has no egress namespace to judge its dials in',
      wayOut: 'use the full tier',
    }
  // Commas separate the parts of a mount; control characters end lines.
  const mounts = { ...plan, args: [], env: {}, permission: { ...plan.permission, env: {} } }
  return refuseStrings(plan, 'container', /[\u0000\r\n]/u) ?? refuseStrings(mounts, 'container mount', /[,"]/u)
}

function userOf({ uid, gid }: Image): string {
  return uid > 0 ? `${uid}:${gid}` : `${anyUid}:${anyUid}`
}

type Volume = { readonly source: string; readonly path: string; readonly isReadOnly: boolean }

function volumesOf(plan: Plan): Volume[] {
  const code = plan.code.filter(path => !(path === plan.program && isInterpreter(path)))
  const asIs = [...new Set(code)].map(path => ({ source: path, path, isReadOnly: true }))
  const kept = plan.pins.filter(({ how }) => how === 'keep')
  const read = [...plan.read, ...kept].map(({ from, path }) => ({ source: from, path, isReadOnly: true }))
  const write = plan.write.map(({ from, path }) => ({ source: from, path, isReadOnly: false }))
  return [...asIs, ...read, ...write].sort((a, b) => a.path.length - b.path.length)
}

function mountWord({ source, path, isReadOnly }: Volume): string {
  return `type=bind,source=${source},target=${path}${isReadOnly ? ',readonly' : ''}`
}

function commandOf(plan: Plan): string[] {
  return [isInterpreter(plan.program) ? basename(plan.program) : plan.program, ...plan.args]
}

function isPassed(name: string): boolean {
  return name !== 'PATH'
}

function environmentOf(plan: Plan): Record<string, string | null> {
  const literal = Object.entries(literalsOf(plan)).filter(([name]) => isPassed(name))
  // Null: compose takes the value from where it is started.
  const withheld = withheldOf(plan).map(name => [name, null] as const)
  return {
    ...Object.fromEntries(literal.map(([name, value]) => [name, escaped(value)])),
    ...Object.fromEntries(withheld),
  }
}

/** Compose reads `$NAME` in every value. */
function escaped(text: string): string {
  return text.replaceAll('$', '$$$$')
}

function lossesOf(plan: Plan): string[] {
  return [
    ...lossesOfDisk(plan),
    ...lossesOfHosts(plan, 'no network'),
    ...(plan.children === 'any' ? [] : ['children: programs of the image can be started']),
    ...(plan.permission.unixSockets ? [] : ['unixSockets: can be made inside the container']),
    ...(plan.pins.some(({ how }) => how === 'hold')
      ? ['protected names: the folder above one can be moved aside']
      : []),
  ]
}
