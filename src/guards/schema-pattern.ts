import { createRequire } from 'node:module'

/** What one validation has cost so far. */
export type Spent = { steps: number; patternChars: number }

export const patternBounds = { length: 1_000, program: 5_000, chars: 1_000_000 } as const

type Notes = { readonly spent: Spent; readonly unchecked: string[] }

// Loaded at the first pattern: most tools have none.
const load = createRequire(import.meta.url)

/** A server's pattern on a linear engine. One that the engine cannot express is noted, and fits everything. */
export function linearPattern(pattern: string, { spent, unchecked }: Notes): { test(text: string): boolean } {
  const { RE2JS }: typeof import('re2js') = load('re2js')
  try {
    if (pattern.length > patternBounds.length) throw new RangeError('the pattern is too long')
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern))
    const size = compiled.programSize()
    if (size > patternBounds.program) throw new RangeError('the pattern is too large')
    // Linear in the text, but times the size of the pattern: both count.
    const weight = 1 + Math.ceil(size / 64)
    const test = (text: string) => {
      spent.patternChars += text.length * weight
      if (spent.patternChars > patternBounds.chars) throw new RangeError('too much text for patterns')
      return compiled.test(text)
    }
    return { test }
  } catch {
    unchecked.push(pattern.slice(0, 80))
    return { test: () => true }
  }
}
