import { printable } from '../audit/printable.ts'

/** Words for people, on stderr. */
export function say(text: string): void {
  process.stderr.write(`${shownAs(text)}\n`)
}

/** What was asked for, for people, on stdout: as many lines as are given, whatever stands in them. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.map(printable).join('\n')}\n`)
}

/** `1 record`, `2 records`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/**
 * Names of files, texts of registries, words of servers: most of what is printed was written by somebody else, who must
 * not drive the terminal with it. Lines stay: a refusal may have several of its own.
 */
function shownAs(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
