/** What a description wants besides being used for what it is for. */
export type ClaimRule = {
  readonly id: string
  readonly says: string
  /** 2 stands alone, 1 is a suspicion, ½ counts only beside another. */
  readonly weight: number
  /** All must be found in one sentence. */
  readonly all: readonly RegExp[]
  /** Said so, it is honest. */
  readonly unless?: RegExp
  /** A tool whose name or first words are about this may say it. */
  readonly excusedBy?: RegExp
}

/** One of several patterns. */
export const words = (...sources: string[]): RegExp => new RegExp(sources.join('|'), 'u')

/** Two patterns, the second soon after the first. */
export const near = (first: string, gap: number, second: string): string => `${first}[^.\\n]{0,${gap}}?${second}`
