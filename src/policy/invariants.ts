import type { Reason } from '../core/verdict.ts'
import type { Situation } from './facts.ts'

/** More findings than this on one message are an attack on the judge. */
export const findingsMax = 1000

type Invariant = { readonly name: string; readonly text: string; isBroken(situation: Situation): boolean }

/** What no configuration, mode or waiver can lift. Each stands for a state in which a verdict would be a guess. */
const invariants: readonly Invariant[] = [
  {
    name: 'guard-failed',
    text: 'a guard broke while it read this message, so nobody knows what is in it',
    isBroken: ({ findings }) => findings.some(({ rule }) => rule === guardFailed),
  },
  {
    name: 'findings-flood',
    text: `more than ${findingsMax} findings on one message`,
    isBroken: ({ findings }) => findings.length > findingsMax,
  },
  {
    name: 'nobody',
    text: 'the message belongs to no principal',
    isBroken: ({ message }) => message.principal === '',
  },
  {
    name: 'foreign-session',
    text: 'the session belongs to another principal or tenant than the message',
    isBroken: ({ message, scene: { session } }) =>
      session.principal !== message.principal || session.tenant !== message.tenant || session.id !== message.session,
  },
  {
    name: 'foreign-task',
    text: 'no task of this principal has that id',
    isBroken: ({ scene }) => scene.isForeignTask === true,
  },
  {
    name: 'no-clock',
    text: 'the message carries no time, so nothing that expires can be judged',
    isBroken: ({ message }) => !Number.isFinite(message.atMs),
  },
]

/** The finding that stands for a guard that broke; nothing may waive it. */
export const guardFailed = 'guard/failed'

/** The invariants that a situation breaks; one is enough to block. */
export function brokenInvariants(situation: Situation): Reason[] {
  const reasons: Reason[] = []
  for (const { name, text, isBroken } of invariants)
    if (isBroken(situation)) reasons.push({ rule: `invariant:${name}`, then: 'block', text })
  return reasons
}
