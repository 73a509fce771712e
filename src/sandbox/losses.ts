import type { Plan } from './plan.ts'
import { withheldOf } from './target.ts'

/** Said of a target where a document names hosts and it cannot judge them. */
export function lossesOfHosts({ hosts }: Plan, why: string): string[] {
  return hosts.length === 0 ? [] : [`net.hosts: ${why}`]
}

/** Said of a target that is a file: nothing of the gateway watches what comes of it. */
export function lossesOfDisk({ write }: Plan): string[] {
  return write.length === 0 ? [] : ['limits.diskMiB, limits.diskFiles: nobody watches what it adds in writable folders']
}

/** Said of a target that must not hold secrets in clear. */
export function lossesOfSecrets(plan: Plan, how: string): string[] {
  const withheld = withheldOf(plan)
  return withheld.length === 0 ? [] : [`env ${withheld.join(', ')}: not written down; ${how}`]
}
