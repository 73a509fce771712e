/** Words for people, on stderr. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
