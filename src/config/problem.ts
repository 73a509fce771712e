/** A step into a configuration: a key or an index. */
export type Path = readonly (string | number)[]

/** What is wrong with a configuration, where people can find it. */
export type Problem = {
  readonly file: string
  readonly line: number
  readonly column: number
  /** `servers.files.command`. */
  readonly at: string
  /** What is wrong and what to do, in one line. */
  readonly text: string
}

/** `sallyport.yaml:12:5: servers.files.comand: unknown key; did you mean command?` */
export function problemLine({ file, line, column, at, text }: Problem): string {
  return `${file}:${line}:${column}: ${at === '' ? '' : `${at}: `}${text}`
}

/** A path as people write it. */
export function pathText(path: Path): string {
  return path
    .map(step => (typeof step === 'number' ? `[${step}]` : `.${step.slice(0, 100)}`))
    .join('')
    .replace(/^\./u, '')
}

/** The known word that somebody probably meant, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64) return undefined
  const near = known.map(other => ({ other, steps: distance(word.toLowerCase(), other.toLowerCase()) }))
  const best = near.sort((a, b) => a.steps - b.steps)[0]
  return best !== undefined && best.steps <= Math.max(1, Math.floor(word.length / 3)) ? best.other : undefined
}

// Changed, added, left out and swapped letters count one each.
function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1])
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
