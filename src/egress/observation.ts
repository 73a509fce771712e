import { posix } from 'node:path'
import { plainHost } from './host-rule.ts'
import { addressesInAnswer, readQuestion } from './name-question.ts'
import { descriptorOf, type TracedCall } from './trace-line.ts'

/** What a program did, with the first deed that shows it. Keys are paths, `name:port` and programs. */
export type Observation = {
  readonly reads: Map<string, string>
  readonly writes: Map<string, string>
  readonly hosts: Map<string, string>
  readonly children: Map<string, string>
  /** Names that were asked for, whether or not anything was dialled. */
  readonly names: Map<string, string>
  /** Paths that did not exist for it or were closed to it. Programs look in many places: most of these exist nowhere. */
  readonly refused: Map<string, Refused>
  /** The program itself, which is no child. */
  program: string | undefined
  /** Something was left out because there was too much of it. */
  isPartial: boolean
}

/** What was wanted of a path, and the call that was refused. */
export type Refused = { readonly want: 'read' | 'write' | 'start'; readonly because: string }

const most = 4096
const refusedMost = 16_384

/** Programs that change where or as whom, and then become the server: what they do is the sandbox's doing. */
const wrappers = /\/(?:nsenter|setpriv|bwrap|prlimit)$/u
const refusals = new Set(['ENOENT', 'EACCES', 'EPERM', 'EROFS'])

export function createObservation(): Observation {
  const fresh = () => new Map<string, string>()
  return {
    reads: fresh(),
    writes: fresh(),
    hosts: fresh(),
    children: fresh(),
    names: fresh(),
    refused: new Map(),
    program: undefined,
    isPartial: false,
  }
}

/** The names of addresses that answers gave, for one run. */
export type Answers = Map<string, string>

/** Adds one system call to what was observed; nothing is, before the program itself has begun. */
export function observeCall(seen: Observation, answers: Answers, traced: TracedCall): void {
  const hasBegun = seen.program !== undefined
  if (hasBegun) seeRefused(seen, traced)
  if (traced.call === 'execve') seeChild(seen, traced)
  else if (!hasBegun || looks.test(traced.call)) return
  else if (/^open|^creat$/u.test(traced.call)) seeOpen(seen, traced)
  else if (traced.call === 'connect') seeDial(seen, answers, traced)
  else if (/^send/u.test(traced.call)) seeQuestion(seen, traced)
  else if (/^recv/u.test(traced.call)) seeAnswer(answers, traced)
  else seeChange(seen, traced)
}

function note(
  seen: Observation,
  kind: 'reads' | 'writes' | 'hosts' | 'children' | 'names',
  [key, because]: [string, string],
): void {
  const map = seen[kind]
  if (map.has(key)) return
  if (map.size >= most) seen.isPartial = true
  else map.set(key, because)
}

/** Calls that only look at a path. */
const looks =
  /^(?:(?:l|newfstatat|fstatat64)?stat(?:x|64)?|newfstatat|fstatat64|f?access(?:at2?)?|faccessat2?|readlink(?:at)?|chdir)$/u
const elsewhere = /^(?:connect|send|recv|execve)/u

function seeRefused(seen: Observation, traced: TracedCall): void {
  const { call, error, args, strings } = traced
  if (error === undefined || !refusals.has(error) || elsewhere.test(call)) return
  const flags = flagsOf(args)
  const isOpen = /^open/u.test(call)
  const want = looks.test(call) || (isOpen && !writes.test(flags)) ? 'read' : 'write'
  for (const path of pathsOf(traced, strings))
    refuse(seen, path, { want, because: `${[call, flags].filter(Boolean).join(' ')}: ${error}` })
}

function refuse(seen: Observation, path: string, refused: Refused): void {
  const known = seen.refused.get(path)
  if (known !== undefined && (known.want === refused.want || refused.want === 'read')) return
  if (seen.refused.size >= refusedMost) seen.isPartial = true
  else seen.refused.set(path, refused)
}

function flagsOf(args: string): string {
  return /\b(?:O_[A-Z_]+\|?)+/u.exec(args)?.[0] ?? ''
}

const writes = /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)/u

function seeOpen(seen: Observation, { call, args, opened, result }: TracedCall): void {
  if (result < 0 || opened === undefined || !opened.startsWith('/')) return
  const flags = flagsOf(args)
  const isWrite = call === 'creat' || writes.test(flags)
  note(seen, isWrite ? 'writes' : 'reads', [opened, `${call} ${flags || 'for writing'}`])
}

function seeChange(seen: Observation, traced: TracedCall): void {
  if (traced.result < 0) return
  for (const path of pathsOf(traced, traced.strings)) note(seen, 'writes', [path, traced.call])
}

/** The paths among the strings of a call, whole; one that starts from an unknown folder is left out. */
function pathsOf({ call, args }: TracedCall, strings: readonly string[]): string[] {
  const folder = descriptorOf(args)
  const named = /^(?:rename|link)/u.test(call) ? strings : strings.slice(0, 1)
  return named.flatMap(path => {
    const whole = path.startsWith('/') ? path : folder?.startsWith('/') ? `${folder}/${path}` : undefined
    return whole === undefined || path === '' ? [] : [posix.normalize(whole)]
  })
}

function seeChild(seen: Observation, { strings: [program = ''], result, error = '' }: TracedCall): void {
  if (result < 0) {
    const isRefused = seen.program !== undefined && refusals.has(error) && program.startsWith('/')
    if (isRefused) refuse(seen, program, { want: 'start', because: `execve: ${error}` })
    return
  }
  if (seen.program === undefined && wrappers.test(program)) return
  if (seen.program === undefined) seen.program = program
  else if (program !== seen.program) note(seen, 'children', [program, 'execve'])
}

function seeDial(seen: Observation, answers: Answers, { args, strings }: TracedCall): void {
  // Asking for the best of many addresses connects datagram sockets that never send.
  if (!/^TCP/u.test(descriptorOf(args) ?? '')) return
  const port = /htons\((\d+)\)/u.exec(args)?.[1]
  const address = plainHost(strings[0] ?? '')
  if (port === undefined || address === undefined) return
  const name = answers.get(address)
  const host = name ?? (address.includes(':') ? `[${address}]` : address)
  note(seen, 'hosts', [`${host}:${port}`, name === undefined ? 'dialled as an address' : `dialled at ${address}`])
}

function seeQuestion(seen: Observation, { strings }: TracedCall): void {
  for (const text of strings) {
    const question = readQuestion(Buffer.from(text, 'latin1'))
    if (question !== undefined && plainHost(question.name) !== undefined)
      note(seen, 'names', [question.name, `asked, type ${question.type}`])
  }
}

function seeAnswer(answers: Answers, { strings }: TracedCall): void {
  for (const text of strings) {
    const answer = addressesInAnswer(Buffer.from(text, 'latin1'))
    for (const address of answer?.addresses ?? [])
      if (answers.size < most && answer !== undefined) answers.set(address, answer.name)
  }
}
