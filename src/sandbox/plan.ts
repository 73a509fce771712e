import type { HostRule } from '../core/egress.ts'
import type { Permission } from './permission.ts'
import type { RealPath } from './real-path.ts'

/** A permission document with every name resolved on this machine: what each target compiles. */
export type Plan = {
  readonly server: string
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The whole environment, secrets resolved. */
  readonly env: Readonly<Record<string, string>>
  /** Interpreter and package folders, read-only. */
  readonly code: readonly RealPath[]
  readonly read: readonly Mount[]
  readonly write: readonly Mount[]
  /** Parts of writable folders that stay as they are. */
  readonly pins: readonly Pin[]
  /** Programs beside its own that it may start. */
  readonly children: 'any' | readonly string[]
  readonly hosts: readonly HostRule[]
  /** It speaks to a container engine. */
  readonly isEngine?: boolean
  /** Why nobody can tell which image that engine will run. */
  readonly notHeld?: string
  readonly permission: Permission
}

/** `from` on the machine appears at `path` inside; they differ only for staged folders. */
export type Mount = { readonly path: string; readonly from: RealPath }

/** `keep`: cannot be changed. `hold`: cannot be moved away, so that what is kept inside it stays where it is. */
export type Pin = Mount & { readonly how: 'keep' | 'hold' }
