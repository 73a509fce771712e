/** One finished system call out of strace's text, strings decoded. */
export type TracedCall = {
  readonly pid: number
  readonly call: string
  /** Arguments as strace wrote them. */
  readonly args: string
  /** Decoded strings among the arguments, in order; bytes as latin1. */
  readonly strings: readonly string[]
  readonly result: number
  readonly error: string | undefined
  /** What the returned descriptor stands for: a path, links resolved. */
  readonly opened: string | undefined
}

const lineCharsMax = 65_536
const unfinishedMax = 1024

/** Reads the lines of `strace -f -yy -xx` one after another; a call cut in two by another thread comes when it is whole. */
export function createTraceReader(): (line: string) => TracedCall | undefined {
  const unfinished = new Map<string, string>()
  return line => {
    if (line.length > lineCharsMax) return undefined
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/u.exec(line) ?? []
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/u.exec(rest)
    const start = resumed === null ? undefined : unfinished.get(`${pid} ${resumed[1]}`)
    if (resumed !== null) {
      unfinished.delete(`${pid} ${resumed[1]}`)
      return start === undefined ? undefined : readCall(Number(pid), `${start}${resumed[2]}`)
    }
    const cut = /^(\w+)\(.* <unfinished \.\.\.>$/u.exec(rest)
    if (cut === null) return readCall(Number(pid), rest)
    if (unfinished.size >= unfinishedMax) unfinished.clear()
    unfinished.set(`${pid} ${cut[1]}`, rest.slice(0, -' <unfinished ...>'.length))
    return undefined
  }
}

function readCall(pid: number, text: string): TracedCall | undefined {
  const end = text.lastIndexOf(' = ')
  const [, call, args] = /^(\w+)\((.*)\)\s*$/u.exec(text.slice(0, end)) ?? []
  if (end < 0 || call === undefined || args === undefined) return undefined
  const [, digits, opened, error] = /^(-?\d+)(?:<([^>]*)>)?(?: (E[A-Z0-9]+))?/u.exec(text.slice(end + 3)) ?? []
  if (digits === undefined) return undefined
  const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/gu)].map(([, hex = '']) => decode(hex))
  return {
    pid,
    call,
    args,
    strings,
    result: Number(digits),
    error,
    opened: opened === undefined ? undefined : decode(opened),
  }
}

/** Strings come as hexadecimal escapes only, so that no file name can look like another part of the line. */
function decode(hex: string): string {
  return hex.replaceAll(/\\x([0-9a-f]{2})/gu, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)))
}

/** What a descriptor argument stands for: `TCP:[…]`, a path, `socket:[…]`. */
export function descriptorOf(args: string): string | undefined {
  const hex = /^(?:\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2}|[^>\\])*)>/u.exec(args)?.[1]
  return hex === undefined ? undefined : decode(hex)
}
