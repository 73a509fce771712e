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
  /** The program itself, which is no child. */
  program: string | undefined
  /** Something was left out because there was too much of it. */
  isPartial: boolean
}

const most = 4096

export function createObservation(): Observation {
  const fresh = () => new Map<string, string>()
  return {
    reads: fresh(),
    writes: fresh(),
    hosts: fresh(),
    children: fresh(),
    names: fresh(),
    program: undefined,
    isPartial: false,
  }
}

/** The names of addresses that answers gave, for one run. */
export type Answers = Map<string, string>

/** Adds one system call to what was observed. */
export function observeCall(seen: Observation, answers: Answers, traced: TracedCall): void {
  if (/^open|^creat$/u.test(traced.call)) seeOpen(seen, traced)
  else if (traced.call === 'execve') seeChild(seen, traced)
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

function seeOpen(seen: Observation, { call, args, opened, result }: TracedCall): void {
  if (result < 0 || opened === undefined || !opened.startsWith('/')) return
  const flags = /\b(?:O_[A-Z_]+\|?)+/u.exec(args)?.[0] ?? ''
  const isWrite = call === 'creat' || /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND)/u.test(flags)
  note(seen, isWrite ? 'writes' : 'reads', [opened, `${call} ${flags || 'for writing'}`])
}

function seeChange(seen: Observation, { call, strings, args, result }: TracedCall): void {
  if (result < 0) return
  const folder = descriptorOf(args)
  for (const path of strings) {
    const whole = path.startsWith('/') ? path : folder?.startsWith('/') ? `${folder}/${path}` : undefined
    if (whole !== undefined) note(seen, 'writes', [whole, call])
  }
}

function seeChild(seen: Observation, { strings: [program = ''], result }: TracedCall): void {
  if (result < 0) return
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
