import type { EgressRoom } from '../core/egress.ts'
import type { Launch, SandboxTier } from '../core/launch.ts'
import { bubblewrapLaunch, type Workshop } from './bubblewrap.ts'
import type { Machine, Obstacle } from './machine.ts'
import type { Plan } from './plan.ts'
import type { Refused } from './program.ts'
import { watchTree } from './watchdog.ts'

export type TierOptions = {
  /** Tiers that a person accepted, strongest first. Only `full` when nothing was said; `none` is never implied. */
  readonly accept?: readonly SandboxTier[]
}

export type Compiled = { readonly launch: Launch; readonly losses: readonly string[] }

export type Chosen =
  | { readonly ok: true; readonly tier: SandboxTier; compile(plan: Plan, room: EgressRoom | undefined): Compiled }
  | Refused

/** The strongest accepted tier that this machine can hold; a weaker one is taken only because a person accepted it. */
export function chooseTier(plan: Plan, machine: Machine, { accept = ['full'] }: TierOptions): Chosen {
  const why: string[] = []
  const waysOut: string[] = []
  for (const tier of accept) {
    const chosen = tierOf(tier, plan, machine)
    if (chosen.ok) return chosen
    why.push(`${tier}: ${chosen.reason}`)
    waysOut.push(chosen.wayOut)
  }
  if (!accept.includes('none')) waysOut.push('or accept a weaker tier by name (sandbox.accept)')
  return {
    ok: false,
    reason: `no sandbox for ${plan.server} (${why.join('; ') || 'none accepted'})`,
    wayOut: waysOut.join('; '),
  }
}

function tierOf(tier: SandboxTier, plan: Plan, machine: Machine): Chosen {
  switch (tier) {
    case 'full':
      return full(machine)
    case 'container':
    case 'user':
    case 'reduced':
      return { ok: false, reason: 'not available here', wayOut: 'use full' }
    case 'none':
      return none(plan)
    default:
      return tier satisfies never
  }
}

function full(machine: Machine): Chosen {
  const { bubblewrap, architecture, tools } = machine
  if (!bubblewrap.ok) return refusal(bubblewrap)
  if (architecture === undefined || tools.bwrap === undefined || tools.prlimit === undefined)
    return { ok: false, reason: 'bubblewrap is not complete', wayOut: 'run `sallyport doctor`' }
  const workshop: Workshop = { machine, bubblewrap, architecture, bwrap: tools.bwrap, prlimit: tools.prlimit }
  return {
    ok: true,
    tier: 'full',
    compile: (plan, room) => {
      if (room?.kind === 'proxy') throw new Error('bubblewrap needs a network namespace, not a proxy')
      const launch = bubblewrapLaunch(plan, workshop, room)
      const { memoryMiB, pids } = plan.permission.limits
      return { launch: { ...launch, watch: watchTree({ memoryMiB, pids }) }, losses: fullLosses(workshop) }
    },
  }
}

function fullLosses({ machine, bubblewrap }: Workshop): string[] {
  return [
    ...(bubblewrap.canSizeTmpfs ? [] : ['the size of /tmp is not limited: bubblewrap 0.8 or newer can']),
    ...(machine.uid === 0
      ? ['the number of processes is watched, not held by the kernel: the gateway runs as root']
      : []),
  ]
}

function refusal({ reason, detail, wayOut }: Obstacle): Refused {
  return { ok: false, reason: `${reason} (${detail})`, wayOut }
}

/** No walls at all; only the environment is still clean. */
function none(plan: Plan): Chosen {
  return {
    ok: true,
    tier: 'none',
    compile: () => ({
      launch: { command: plan.program, args: plan.args, env: plan.env, cwd: plan.cwd, inputs: [], tier: 'none' },
      losses: ['nothing is held: it can read, change, send and run whatever the gateway’s user can'],
    }),
  }
}
