import type { ExitCode } from './command-line.ts'

/**
 * Runs `start` or `stdio`, the two commands that clients wait for, without what the others need. All of it is imported when
 * it is called for: the bundle then makes a function of each file, where it would make one of all, and V8 compiled that one
 * for its loops, into 600 KB.
 */
export async function runServe(words: readonly string[]): Promise<ExitCode> {
  const [{ runCommandLine }, add] = await Promise.all([
    import('./command-line.ts'),
    words[0] === 'start'
      ? import('./start.ts').then(({ addStart }) => addStart)
      : import('./stdio.ts').then(({ addStdio }) => addStdio),
  ])
  return runCommandLine([add], words)
}
