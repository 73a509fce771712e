import { lossesOfDisk, lossesOfHosts, lossesOfSecrets } from './losses.ts'
import type { Plan } from './plan.ts'
import { literalsOf, refuseStrings, type Written } from './target.ts'

const mebi = 1024 * 1024

/** A profile for `firejail --profile=FILE -- program args`, for machines that already use it. */
export function firejailProfile(plan: Plan): Written {
  // A profile knows macros (`${HOME}`), globs and lines, and has no escape for any of them.
  const paths = { ...plan, args: [], env: {}, permission: { ...plan.permission, env: {} } }
  const refused = refuseStrings(paths, 'firejail profile', /[\u0000-\u001f\u007f$*?[\]{},"'\\#]/u)
  if (refused) return refused
  const literals = Object.entries(literalsOf(plan))
  const unwritable = literals.find(([, value]) => /[\u0000-\u001f\u007f]/u.test(value))
  if (unwritable) return { ok: false, reason: `env.${unwritable[0]} holds a control character`, wayOut: 'correct it' }
  const { limits } = plan.permission
  const reads = [...new Set([...plan.code, ...plan.read.map(({ from }) => from)])]
  const lines = [
    'quiet',
    ...['caps.drop all', 'nonewprivs', 'noroot', 'seccomp', 'seccomp.block-secondary', 'restrict-namespaces'],
    plan.permission.unixSockets ? 'protocol unix,inet,inet6' : 'protocol inet,inet6',
    ...[
      'net none',
      'ipc-namespace',
      'machine-id',
      'hostname sandbox',
      'nodbus',
      'nogroups',
      'nosound',
      'no3d',
      'novideo',
    ],
    ...[
      'x11 none',
      'private-dev',
      'private-tmp',
      'disable-mnt',
      'private-etc ssl,ca-certificates,ld.so.cache,localtime',
    ],
    ...['blacklist /var/lib', 'blacklist /boot'],
    ...[...reads, ...plan.write.map(({ from }) => from)].map(path => `whitelist ${path}`),
    ...reads.map(path => `read-only ${path}`),
    ...plan.write.map(({ from }) => `read-write ${from}`),
    ...plan.pins.filter(({ how }) => how === 'keep').map(({ path }) => `read-only ${path}`),
    ...literals.map(([name, value]) => `env ${name}=${value}`),
    `rlimit-nproc ${limits.pids}`,
    `rlimit-fsize ${limits.fileMiB * mebi}`,
    `rlimit-nofile ${limits.openFiles}`,
    `rlimit-cpu ${limits.cpuSeconds}`,
  ]
  return { ok: true, text: `${lines.join('\n')}\n`, losses: lossesOf(plan) }
}

const staged = 'files.staging: writes go to the folder itself'

function lossesOf(plan: Plan): string[] {
  return [
    ...lossesOfDisk(plan),
    ...lossesOfHosts(plan, 'the server gets no network'),
    ...(plan.permission.files.staging ? [staged] : []),
    ...lossesOfSecrets(plan, 'firejail passes on the environment of whoever starts it, so start it with a clean one'),
    'limits.pids: counted over everything the user runs',
    'limits.memoryMiB: held by watching only',
    'limits.tmpMiB: /tmp is private but not bounded',
    'files.read: a project under /tmp is hidden by the private one',
    ...(plan.children === 'any' ? [] : ['children: programs of /usr can be started']),
    ...(plan.pins.some(({ how }) => how === 'hold')
      ? ['protected names: the folder above one can be moved aside']
      : []),
    'firejail itself is setuid root',
  ]
}
