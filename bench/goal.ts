/** One line of the table: what was promised, what was seen. */
export type Goal = {
  readonly scenario: string
  readonly about: string
  readonly limit: number
  readonly unit: string
  /** Whether the figure may be at most or must be at least the limit. */
  readonly sense: 'at most' | 'at least'
  /** NaN when it could not be measured. */
  readonly measured: number
  /** Figures beside it that say what the machine was like. */
  readonly note?: string
}

/** What a scenario is given and what it gives back. */
export type Scenario = {
  readonly about: string
  run(settings: Settings): Promise<readonly Goal[]>
}

export type Settings = {
  readonly rounds: number
  /** The long version: all the sessions and cycles, not a sample of them. */
  readonly isFull: boolean
  say(line: string): void
}

export function passes({ sense, measured, limit }: Goal): boolean {
  return sense === 'at most' ? measured <= limit : measured >= limit
}

/** A goal that a figure may not exceed. */
export function atMost(limit: number, unit: string, about: string): Omit<Goal, 'scenario' | 'measured'> {
  return { limit, unit, about, sense: 'at most' }
}

/** A goal that a figure must reach. */
export function atLeast(limit: number, unit: string, about: string): Omit<Goal, 'scenario' | 'measured'> {
  return { limit, unit, about, sense: 'at least' }
}
