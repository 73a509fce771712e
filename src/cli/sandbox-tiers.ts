import type { SandboxTier } from '../core/launch.ts'
import type { Machine } from '../sandbox/machine.ts'

/** A tier, whether this machine can hold it for somebody, and why or on what condition. */
export type TierState = { readonly tier: SandboxTier; readonly ok: boolean; readonly why: string }

/** The tiers of a machine in words, strongest first. */
export function tiersOf(machine: Machine): readonly TierState[] {
  const { bubblewrap, container, landlock, tools, platform, uid } = machine
  const isMac = platform === 'darwin' && tools['sandbox-exec'] !== undefined
  const isLocked = landlock?.ok === true && uid !== 0
  const isUser = uid === 0 && tools.setpriv !== undefined && tools.prlimit !== undefined
  return [
    bubblewrap.ok
      ? { tier: 'full', ok: true, why: `bubblewrap ${bubblewrap.version}; ${bubblewrap.layers.join(', ')}` }
      : { tier: 'full', ok: false, why: `${bubblewrap.detail}. ${bubblewrap.wayOut}` },
    container.ok
      ? { tier: 'container', ok: true, why: `${container.name} ${container.version}; needs an image named by digest` }
      : { tier: 'container', ok: false, why: `${container.detail}. ${container.wayOut}` },
    {
      tier: 'user',
      ok: isUser,
      why: isUser ? 'needs a user of its own' : 'only root with util-linux can start another user',
    },
    { tier: 'reduced', ok: isMac || isLocked, why: isMac ? 'sandbox-exec' : whyReduced(machine) },
  ]
}

function whyReduced({ landlock, uid }: Machine): string {
  if (landlock === undefined) return 'sandbox-exec is a part of macOS'
  if (!landlock.ok) return `${landlock.detail}. ${landlock.wayOut}`
  return uid === 0 ? 'Landlock is there, and root could undo it' : `Landlock ${landlock.abi}; no network at all`
}
