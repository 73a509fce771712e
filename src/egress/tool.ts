import { accessSync, constants } from 'node:fs'

/** The system's own tools, and only from the system's folders: a PATH can be set by anyone who starts the gateway. */
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', '/run/current-system/sw/bin']

const packages = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  ip: 'iproute2',
  nft: 'nftables',
  cat: 'coreutils',
  mkfifo: 'coreutils',
  strace: 'strace',
} as const

export type ToolName = keyof typeof packages

/** A reason that a network could not be made or observed, by a name that stays, with the way out. */
export class EgressError extends Error {
  readonly code: EgressErrorCode

  constructor(code: EgressErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'EgressError'
    this.code = code
  }
}

export type EgressErrorCode = 'missing-tool' | 'no-namespaces' | 'room-failed' | 'porter-lost' | 'closed' | 'platform'

/** The absolute path of a tool; throws, with what to install, where it is not there. */
export function toolPath(name: ToolName, from: readonly string[] = folders): string {
  const path = from.map(folder => `${folder}/${name}`).find(isExecutable)
  if (path !== undefined) return path
  throw new EgressError(
    'missing-tool',
    `${name} was not found in ${from.join(', ')}; install it: apt install ${packages[name]}`,
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
