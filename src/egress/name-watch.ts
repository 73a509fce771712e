import { parentOf } from './name-signs.ts'

/** What is remembered of the names that a room asked for. */
export type NameWatch = {
  /** The same name within two seconds: A and AAAA of one look-up, or a retry. */
  isRepeat(name: string): boolean
  /** Many names under one parent say something together that none says alone. */
  isOneOfMany(name: string): boolean
}

const most = { namesPerParent: 32, parents: 256, repeats: 1024 } as const
const repeatMs = 2000

export function createNameWatch(now: () => number): NameWatch {
  const asked = new Map<string, number>()
  const parents = new Map<string, Set<string>>()
  return {
    isRepeat: name => {
      const isAgain = now() - (asked.get(name) ?? Number.NEGATIVE_INFINITY) < repeatMs
      if (asked.size >= most.repeats) asked.clear()
      if (!isAgain) asked.set(name, now())
      return isAgain
    },
    isOneOfMany: name => {
      const parent = parentOf(name)
      const names = parents.get(parent) ?? new Set<string>()
      // Where there are more parents than are kept, each further one counts as many.
      if (!parents.has(parent) && parents.size >= most.parents) return true
      parents.set(parent, names)
      if (names.size <= most.namesPerParent) names.add(name)
      return names.size > most.namesPerParent
    },
  }
}
