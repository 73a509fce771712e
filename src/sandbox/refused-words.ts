import { posix } from 'node:path'

/** What a server says that it could not reach. Its own words: they may be wrong, or chosen to be believed. */
export type SaidRefusal = {
  readonly want: 'read' | 'write' | 'start'
  /** Absolute, or the bare name of a program. */
  readonly what: string
  /** It was a name without a folder: of a file beside the server, or of a program. */
  readonly isBare?: true
  /** The line it was taken from. */
  readonly words: string
}

export type Speaker = {
  /** Where relative paths start. */
  readonly cwd: string
  /** It said so while it did something that changes things. */
  readonly isChanging: boolean
}

const most = { chars: 16_384, lines: 40, lineChars: 1000, found: 8, words: 200 } as const

/** Reads refusals out of an error text, as Node, Python, Go and shells word them; so much of it, and so many. */
export function refusalsSaid(text: string, speaker: Speaker): readonly SaidRefusal[] {
  const found = new Map<string, SaidRefusal>()
  const lines = text.slice(0, most.chars).split('\n', most.lines)
  for (const line of lines.map(whole => whole.slice(0, most.lineChars)))
    for (const refusal of inLine(line, speaker)) {
      if (found.size >= most.found) return [...found.values()]
      const key = `${refusal.want} ${refusal.what}`
      if (!found.has(key)) found.set(key, refusal)
    }
  return [...found.values()]
}

const missing = /\bENOENT\b|no such file or directory|(?:command )?not found|cannot find (?:module|package)/iu
const closed = /\b(?:EACCES|EPERM|EROFS)\b|permission denied|operation not permitted|read-only file system/iu
const isFixed = /\bEROFS\b|read-only file system/iu
// The calls that Node names, and the verbs of people.
const changing =
  /\b(?:mkdir|mkdtemp|rename|unlink|rmdir|rm|copyfile|symlink|link|chmod|chown|utime|ftruncate|truncate|touch)\b|\b(?:creat|writ|sav|remov|delet)(?:e|ing)\b/iu

function inLine(line: string, { cwd, isChanging }: Speaker): SaidRefusal[] {
  if (!missing.test(line) && !closed.test(line)) return []
  const words = line.trim().slice(0, most.words)
  const program = programIn(line)
  if (program !== undefined) return [{ want: 'start', what: program, words }]
  const want = isChanging || isFixed.test(line) || changing.test(line) ? 'write' : 'read'
  return namesIn(line).map(name => {
    const what = posix.resolve(cwd, name)
    // Told apart by the caller, who can look: that is how Python says that it found no program.
    return name.includes('/') ? { want, what, words } : { want, what, isBare: true, words }
  })
}

const programs = [
  /\bspawn(?:Sync)? (\S{1,256}) (?:ENOENT|EACCES|EPERM)\b/u,
  /(?:^|[\s:])([A-Za-z0-9._+-]{1,64}): (?:command )?not found\b/u,
] as const

function programIn(line: string): string | undefined {
  return programs.map(pattern => pattern.exec(line)?.[1]).find(name => name !== undefined)
}

const quoted = /'([^'\n]{1,1024})'|"([^"\n]{1,1024})"|‘([^’\n]{1,1024})’/gu
const bare = /(?:^|[\s(=])(\/[^\s'"`:,;()<>]{1,1023})/gu

// `/usr/bin/cat: /data/x: No such file or directory`: what stands right before the words, and not the program that says so.
const subject =
  /(?:^|[\s(=])(\/[^\s'"`:,;()<>]{1,1023}): (?:no such file|permission denied|operation not permitted|read-only)/giu

function namesIn(line: string): string[] {
  const inQuotes = [...line.matchAll(quoted)].map(([, single, double, curly]) => single ?? double ?? curly ?? '')
  const named = [subject, bare].map(pattern => [...line.matchAll(pattern)].map(([, path = '']) => path))
  const found = [inQuotes, ...named].find(names => names.length > 0) ?? []
  return [...new Set(found.filter(isPlain))]
}

function isPlain(path: string): boolean {
  return !/\p{C}/u.test(path) && !path.includes('://')
}
