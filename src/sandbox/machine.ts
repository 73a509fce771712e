import type { Architecture } from './system-call.ts'

/** What this machine can do, found by trying it once; plain data, so that a decision on it can be replayed. */
export type Machine = {
  readonly platform: NodeJS.Platform
  /** Undefined where the seccomp filter is not written for the processor. */
  readonly architecture: Architecture | undefined
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly kernel: readonly [major: number, minor: number]
  /** Absolute paths of the system's own tools; never looked up in the user's PATH. */
  readonly tools: Readonly<Partial<Record<Tool, string>>>
  readonly root: SystemRoot
  readonly bubblewrap: Bubblewrap | Obstacle
  /** Started by root: a sandbox was also made as somebody else, who has nothing of root's rights to lose. */
  readonly canBeAnother: boolean
  /** Landlock and what reaches it without a compiler, when a process was really held by it. */
  readonly landlock?: Landlock | Obstacle
  /** `docker` or `podman`, when one answered. */
  readonly container: Engine | Obstacle
}

export const toolNames = [
  'bwrap',
  'prlimit',
  'setpriv',
  'docker',
  'podman',
  'sandbox-exec',
  'firejail',
  'python3',
] as const
export type Tool = (typeof toolNames)[number]

/** The parts of / that a sandbox's own root is made of. */
export type SystemRoot = {
  /** `/bin → usr/bin` where these are links. */
  readonly links: Readonly<Record<string, string>>
  /** Folders that hold shared libraries and data, but no programs to run. */
  readonly libraries: readonly string[]
  /** Folders that hold programs. */
  readonly programs: readonly string[]
  /** Certificates of public authorities, the linker's cache, the time zone: harmless, and many programs want them. */
  readonly settings: readonly string[]
  /** Parts of /proc that show or change the machine; covered. */
  readonly covered: readonly string[]
}

export type Bubblewrap = {
  readonly ok: true
  readonly version: string
  readonly canDisableUserNamespaces: boolean
  readonly canSizeTmpfs: boolean
  /** Takes folders as descriptors and compares what it mounted with what was opened. */
  readonly canBindDescriptors: boolean
  /** What was read back from inside, for status and record. */
  readonly layers: readonly string[]
}

/** `python` is the system's own interpreter: the one program on most machines that can make the calls. */
export type Landlock = { readonly ok: true; readonly abi: number; readonly python: string }

export type Engine = { readonly ok: true; readonly name: 'docker' | 'podman'; readonly version: string }

/** Why a tier is not to be had here, by a name that stays, and what a person can do about it. */
export type Obstacle = {
  readonly ok: false
  readonly reason: ObstacleName
  readonly detail: string
  readonly wayOut: string
}

export type ObstacleName =
  | 'platform'
  | 'architecture'
  | 'missing'
  | 'too-old'
  | 'apparmor'
  | 'user-namespaces-off'
  | 'nested'
  | 'leaks'
  | 'no-answer'
  | 'failed'
