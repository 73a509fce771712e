import type { Obstacle, ObstacleName } from './machine.ts'

const waysOut: Readonly<Record<ObstacleName, string>> = {
  platform: 'run the gateway on Linux (on Windows: inside WSL2), or use a container',
  architecture: 'use a container: the system call filter is written for x86-64 and arm64',
  missing: 'install it',
  'too-old': 'install bubblewrap 0.5 or newer',
  apparmor:
    'load the packaged profile for it (apt install apparmor-profiles, then link bwrap-userns-restrict into /etc/apparmor.d); switching the restriction off for all programs is the worse way',
  'user-namespaces-off':
    'allow them: sysctl user.max_user_namespaces=10000 (Debian: kernel.unprivileged_userns_clone=1)',
  nested: 'run the gateway outside of this container or sandbox, or let the outer one allow user namespaces',
  leaks: 'do not use it: what it made was not the sandbox that was asked for',
  'no-answer': 'start the container engine, or use the sandbox of this machine',
  failed: 'run `sallyport doctor` and read the detail',
}

export function obstacle(reason: ObstacleName, detail: string): Obstacle {
  return { ok: false, reason, detail: detail.trim().slice(0, 500), wayOut: waysOut[reason] }
}

/** Something is not installed; says the command that installs it. */
export function missing(what: string, name: string): Obstacle {
  const wayOut = `install it: apt install ${name}, dnf install ${name}, or apk add ${name}`
  return { ...obstacle('missing', `${what} was not found`), wayOut }
}

/** What the kernel's switches say; undefined where there is no such switch. */
export type Switches = {
  readonly appArmorRestricts: boolean
  readonly userNamespacesMax: number | undefined
  readonly unprivilegedAllowed: boolean
}

/** Names why bubblewrap did not start, from its own words and the kernel's switches. */
export function obstacleOf(stderr: string, switches: Switches): Obstacle {
  const says = (pattern: RegExp) => pattern.test(stderr)
  if (says(/unknown option/iu)) return obstacle('too-old', stderr)
  const isDenied = says(/uid map: Permission denied|RTM_NEWADDR|RTM_NEWLINK|Permission denied/u)
  if (isDenied && switches.appArmorRestricts) return obstacle('apparmor', stderr)
  if (switches.userNamespacesMax === 0 || !switches.unprivilegedAllowed) return obstacle('user-namespaces-off', stderr)
  if (says(/No space left on device/u)) return obstacle('nested', stderr)
  if (says(/(mount proc|pivot_root|newroot).{0,200}Operation not permitted/u)) return obstacle('nested', stderr)
  if (says(/[Nn]o permissions? to creat|creating new namespace|new namespace failed/iu))
    return obstacle('nested', stderr)
  return obstacle('failed', stderr)
}
