/** A pattern that is compiled when it is first tried: many never are. */
export type Pattern = { readonly sources: readonly string[]; readonly test: (text: string) => boolean }

/** What a description wants besides being used for what it is for. */
export type ClaimRule = {
  readonly id: string
  readonly says: string
  /** 2 stands alone, 1 is a suspicion, ½ counts only beside another. */
  readonly weight: number
  /** All must be found in one sentence. */
  readonly all: readonly Pattern[]
  /** Said so, it is honest. */
  readonly unless?: RegExp
  /** A tool whose name or first words are about this may say it. */
  readonly excusedBy?: RegExp
}

/** One of several patterns; `^` and `$` are where a line begins and ends. */
export function words(...sources: string[]): Pattern {
  let compiled: RegExp | undefined
  return {
    sources,
    test: text => {
      compiled ??= new RegExp(sources.join('|'), 'mu')
      return compiled.test(text)
    },
  }
}

/** Two patterns, the second soon after the first. */
export const near = (first: string, gap: number, second: string): string => `${first}[^.\\n]{0,${gap}}?${second}`
