import { engineIn } from '../core/engine-words.ts'
import type { SandboxTier } from '../core/launch.ts'
import type { Refused } from './program.ts'

/**
 * Makes a command start the image that was pinned, in place of whatever a tag means at the moment; undefined when it
 * starts no image. `notHeld` says why nobody can tell which image will run.
 */
export type PinImage = (
  command: readonly string[],
) => { readonly ok: true; readonly command: readonly string[]; readonly notHeld?: string } | Refused | undefined

/** Whether a command speaks to a container engine, which starts processes outside of every wall around the command. */
export function isEngine(command: readonly string[]): boolean {
  return engineIn(command) !== undefined
}

/** The words to start; a command that starts no image has the ones it had. */
export function pinnedCommand(command: readonly string[], pinImage: PinImage | undefined) {
  return (isEngine(command) ? pinImage?.(command) : undefined) ?? { ok: true as const, command }
}

type Wants = { readonly isEngine?: boolean; readonly hosts: readonly unknown[] }

/** Why a command of an engine cannot work in a tier: there is no way from inside to the engine, and none is opened. */
export function withoutEngine(tier: SandboxTier, { isEngine: asks, hosts }: Wants): Refused | undefined {
  // An engine on a declared host is reached through the judged network like anything else.
  if (asks !== true || tier === 'none' || hosts.length > 0) return undefined
  return {
    ok: false,
    reason: 'a container engine is not reachable from inside, because whoever may speak to it is outside of every wall',
    wayOut:
      'start the program of the image itself in the sandbox, or leave the walls to the engine: sandboxAtLeast: none',
  }
}
