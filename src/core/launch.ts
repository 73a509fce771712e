/** How a server's process is started, complete: nothing is inherited and nothing is looked up later. */
export type Launch = {
  /** Absolute path of the program. Under a sandbox this is the wrapper. */
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment of the process. */
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Contents of descriptors 3, 4, …: each is written by the parent and closed (wrapper options, seccomp filters). */
  readonly inputs: readonly Uint8Array[]
  /** Called right before the start, for the descriptors after those of `inputs`; closed again right after it. */
  readonly hold?: () => Held
  /** Named, recorded and shown wherever the server is. */
  readonly tier: SandboxTier
  /** What it may print: the longest message, and how much in a minute before it is stopped. */
  readonly output?: { readonly lineBytes: number; readonly bytesPerMinute: number }
  /** Called once with the process id; the returned function is called when the process is gone. */
  readonly watch?: (pid: number, stop: (why: string) => void) => () => void
}

/** Places held open, so that what a start binds is what was judged, whatever is moved meanwhile. */
export type Held =
  | { readonly ok: true; readonly descriptors: readonly number[]; readonly close: () => void }
  | { readonly ok: false; readonly reason: string }

/** What stands between a server and the machine, strongest first. */
export const sandboxTiers = ['full', 'container', 'user', 'reduced', 'none'] as const
export type SandboxTier = (typeof sandboxTiers)[number]
