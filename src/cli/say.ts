import { printable } from '../audit/printable.ts'

/** Words for people, on stderr. */
export function say(text: string): void {
  process.stderr.write(`${shownAs(text)}\n`)
}

/** What was asked for, for people, on stdout: as many lines as are given, whatever stands in them. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.map(printable).join('\n')}\n`)
}

/** What was asked for, for programs, on stdout. JSON writes every character that could drive a terminal as its number. */
export function printJson(value: unknown): void {
  process.stdout.write(`${plainJson(JSON.stringify(value, null, 2))}\n`)
}

// JSON leaves C1 controls and the characters that turn a line around as they are.
function plainJson(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, char =>
    [...Array(char.length).keys()].map(i => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  )
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
