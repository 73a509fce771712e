/** What waits for its turn, one line for each whose it is; the lines are served in turns. */
export type FairQueue<T> = {
  /** False where that line is full. */
  add(whose: string, item: T): boolean
  next(): T | undefined
  readonly isEmpty: () => boolean
}

/** A queue in which nobody waits for all that another has brought. */
export function newFairQueue<T>(mostEach: number): FairQueue<T> {
  // Insertion order is the order of turns: who was served goes to the end.
  const lines = new Map<string, T[]>()
  return {
    add(whose, item) {
      const line = lines.get(whose) ?? []
      if (line.length >= mostEach) return false
      line.push(item)
      lines.set(whose, line)
      return true
    },
    next() {
      const [first] = lines
      if (first === undefined) return undefined
      const [whose, line] = first
      const item = line.shift()
      lines.delete(whose)
      if (line.length > 0) lines.set(whose, line)
      return item
    },
    isEmpty: () => lines.size === 0,
  }
}
