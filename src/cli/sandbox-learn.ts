import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { redactText } from '../audit/redact.ts'
import { localTenant, type ServerName } from '../core/brand.ts'
import { isObject, type Json } from '../core/json.ts'
import type { Launch } from '../core/launch.ts'
import type { AuditEvent } from '../core/port.ts'
import { type Egress, openEgress } from '../egress/egress.ts'
import type { Evidence } from '../egress/smallest-document.ts'
import { type Learned, learnServer } from '../gateway/observe-server.ts'
import { sampleCalls } from '../gateway/sample-call.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { type PlayedCall, tryServer } from '../gateway/try-server.ts'
import { probeMachine } from '../sandbox/probe.ts'
import { findStored } from '../trust/find-stored.ts'
import { startImage } from '../trust/image-start.ts'
import { nameOf } from './exec.ts'
import { say } from './find-config.ts'
import type { ExitCode } from './program.ts'

export type LearnWish = {
  readonly calls?: string
  readonly session?: boolean
  readonly net?: readonly string[]
  readonly env?: readonly string[]
  readonly read?: readonly string[]
  readonly write?: readonly string[]
  readonly out?: string
  readonly json?: boolean
}

const roundsMax = 8
const callsMax = 200

/** `sallyport sandbox learn -- CMD`: what a server needs, found by refusing it, as a document with its evidence. */
export async function learn(command: readonly string[], wish: LearnWish): Promise<ExitCode> {
  const calls = wish.calls === undefined ? undefined : callsIn(wish.calls)
  if (typeof calls === 'string') return wrong(calls)
  if (wish.session === true && wish.out === undefined)
    return wrong('--session needs --out FILE: the server has our output')
  const cwd = process.cwd()
  const [program = '', ...args] = command
  const named = args
    .filter(arg => /\//u.test(arg) && !arg.includes('://'))
    .map(arg => (isAbsolute(arg) ? arg : join(cwd, arg)))
  // A script that is named by its path is code, and given anyway.
  const paths = named.filter(path => existsSync(path) && !/\.[cm]?[jt]s$|\.py$/u.test(path))
  const egress = quietEgress(() => undefined)
  const played = byCalls(calls, { path: paths[0] ?? cwd, isReaching: (wish.net ?? []).length > 0 })
  try {
    const learned = await learnServer(
      {
        ...{ name: nameOf(program, args) as ServerName, command, cwd, env: variables(wish.env ?? []) },
        from: {
          read: [...(wish.read ?? []), ...paths].map(path => resolve(path)),
          write: (wish.write ?? []).map(path => resolve(path)),
        },
        hosts: wish.net ?? [],
        roundsMax: wish.session === true ? 1 : roundsMax,
      },
      {
        machine: await probeMachine({ asksEngine: false }),
        prepare: preparing(),
        egress,
        exercise: wish.session === true ? bySession : played.play,
      },
    )
    const code = shown(learned, wish)
    return code === 0 && !played.isWhole() ? tooShort() : code
  } finally {
    await egress.close()
  }
}

/** What finds programs and packages, the same as in the gateway. */
export function preparing() {
  const packages = join(stateFolder(), 'packages')
  return {
    path: process.env['PATH'] ?? '',
    node: process.execPath,
    findPackage: (wanted: Parameters<typeof findStored>[0]) => findStored(wanted, packages),
    pinImage: (command: readonly string[]) => startImage(command, packages),
    findSecret: async ({ store, name }: { store: string; name: string }) =>
      store === 'env' ? process.env[name] : undefined,
  }
}

/** A network in which everything is seen; whoever is told decides what becomes of it. */
export function quietEgress(record: (event: AuditEvent) => void | Promise<void>): Egress {
  return openEgress({ tenant: localTenant, record, redact: redactText })
}

type About = Parameters<typeof sampleCalls>[1]

/** Plays the named calls, or one out of each tool's schema; what the server answers is not looked at. */
export function byCalls(calls: readonly PlayedCall[] | undefined, about: About) {
  let isWhole = true
  const play = async (launch: Launch): Promise<void> => {
    const trial = await tryServer(launch, calls ?? (tools => sampleCalls(tools, about)))
    isWhole = trial.ok
    if (trial.ok && trial.answers.length === 0)
      say('no call was played: no tool says that it changes nothing; --calls FILE')
    else if (trial.ok) say(`played ${trial.answers.length} calls`)
    else say(`it did not come that far: ${trial.reason}`)
  }
  return {
    play,
    /** Whether the latest round came to its calls. */
    isWhole: () => isWhole,
  }
}

/** A server that ended early wished for nothing: that must not pass for one that needs nothing. */
export function tooShort(): ExitCode {
  say('not everything was seen: the server ended, or did not answer, before its calls were played')
  return 3
}

/** The person's own client talks to the server; ends when either of them does. */
async function bySession(launch: Launch): Promise<void> {
  const held = launch.hold?.()
  if (held?.ok === false) throw new Error(held.reason)
  const pipes = launch.inputs.map(() => 'pipe' as const)
  const stdio = [...(['inherit', 'inherit', 'inherit'] as const), ...pipes, ...(held?.descriptors ?? [])]
  const child = spawn(launch.command, launch.args, { cwd: launch.cwd, env: { ...launch.env }, stdio })
  held?.close()
  launch.inputs.forEach((bytes, i) => {
    const pipe = child.stdio[3 + i]
    if (isWritable(pipe)) pipe.on('error', () => undefined).end(bytes)
  })
  const unwatch = child.pid === undefined ? undefined : launch.watch?.(child.pid, why => say(`it was stopped: ${why}`))
  try {
    await new Promise<void>((ended, failed) => {
      child.once('error', failed)
      child.once('close', () => ended())
    })
  } finally {
    unwatch?.()
  }
}

function isWritable(stream: unknown): stream is Writable {
  return stream !== null && typeof stream === 'object' && 'end' in stream
}

function variables(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])),
  )
}

/** One call a line: `{"tool": "read_file", "arguments": {…}}`; a sentence when a line is none. */
export function callsIn(file: string): readonly PlayedCall[] | string {
  if (!existsSync(file)) return `--calls ${file}: there is no such file`
  const calls: PlayedCall[] = []
  for (const [i, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue
    const value = parsed(line)
    if (!isObject(value) || typeof value['tool'] !== 'string')
      return `${file}:${i + 1}: not a call; write {"tool": "name", "arguments": {}}`
    if (calls.length >= callsMax) return `${file}: more than ${callsMax} calls`
    calls.push({ tool: value['tool'], arguments: isObject(value['arguments']) ? value['arguments'] : {} })
  }
  return calls
}

function parsed(line: string): Json | undefined {
  try {
    const value: Json = JSON.parse(line)
    return value
  } catch {
    return undefined
  }
}

function shown(learned: Learned, { out, json }: LearnWish): ExitCode {
  if (!learned.ok) return wrong(`${learned.reason}. ${learned.wayOut}`)
  if (learned.isPartial)
    say('not everything was seen: the last round was still refused something; learn again from this document')
  const text = json === true ? `${JSON.stringify(learned, null, 2)}\n` : documentText(learned)
  // What the server talked over is our own output, so the document has to go elsewhere then.
  if (out === undefined) process.stdout.write(text)
  else writeFileSync(out, text, { mode: 0o600 })
  return learned.isPartial ? 3 : 0
}

/** The document as YAML; behind each line stands why. */
export function documentText({ document, evidence, leftOut, rounds }: Extract<Learned, { ok: true }>): string {
  const { files, net, children } = document
  const list = (indent: string, at: string, values: readonly string[]) =>
    values.length === 0
      ? ' []'
      : values.map(value => `\n${indent}- ${JSON.stringify(value)}${because(evidence, at, value)}`).join('')
  const none = (value: 'none' | object) => (value === 'none' ? ' none' : '')
  const hosts = net === 'none' ? [] : net.hosts
  return `${[
    `# learnt in ${rounds} round${rounds === 1 ? '' : 's'}; look at every line before you use it`,
    `command: ${JSON.stringify(document.command)}`,
    'files:',
    `  read:${list('    ', 'files.read', files.read)}`,
    `  write:${list('    ', 'files.write', files.write)}`,
    net === 'none' ? 'net: none' : `net:\n  hosts:${list('    ', 'net.hosts', hosts)}`,
    `children:${none(children)}${children === 'none' ? '' : list('  ', 'children', children)}`,
    ...leftOut.map(({ at, value, because: why }) => `# left out: ${at} ${JSON.stringify(value)}: ${plain(why)}`),
  ].join('\n')}\n`
}

function because(evidence: readonly Evidence[], at: string, value: string): string {
  const line = evidence.find(one => one.at === at && one.value === value)
  return line === undefined ? '' : ` # ${plain(line.because)}`
}

/** Names of files are chosen by the server: none may end a comment and begin a line of the document. */
function plain(text: string): string {
  return text.replaceAll(/\P{L}/gu, char => (/[\x20-\x7e]/u.test(char) ? char : '\u{fffd}'))
}

function wrong(text: string): ExitCode {
  say(text)
  return 2
}
