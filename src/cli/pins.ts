import { join } from 'node:path'
import type { Command } from 'commander'
import type { ServerName } from '../core/brand.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { accept, reject } from '../trust/pin.ts'
import type { PinFile } from '../trust/pin-file.ts'
import type { Artefact, Pin, ServerPins } from '../trust/pin-record.ts'
import { storedPins, updatePins } from '../trust/pin-store.ts'
import { visible } from '../trust/surface-diff.ts'
import type { ItemHash } from '../trust/surface-hash.ts'
import { say } from './find-config.ts'
import { type Decisions, openDecisions } from './pin-decisions.ts'
import { pinChange, pinDiff, pinId } from './pin-lines.ts'
import type { ExitCode } from './program.ts'
import { printJson } from './say.ts'
import { who } from './who.ts'

type Options = { json?: boolean; all?: boolean }

/** `sallyport pins show|diff|accept|reject`. */
export function addPins(program: Command, done: (code: ExitCode) => void): void {
  const pins = program.command('pins').description('what servers offer, and whether it is what was approved')
  pins
    .command('show', { isDefault: true })
    .description('what is approved and what waits, by server')
    .argument('[server]')
    .option('--json', 'as JSON')
    .action((server: string | undefined, options: Options) => done(show(server, options)))
  pins
    .command('diff')
    .description('what waits for a yes, word by word, with invisible characters written out')
    .argument('[server]')
    .option('--json', 'as JSON')
    .action((server: string | undefined, options: Options) => done(diff(server, options)))
  pins
    .command('accept')
    .description('accept what waits: ITEM@ID as `pins diff` shows it, or all that the diff shows now')
    .argument('<server>')
    .argument('[items...]')
    .option('--all', 'everything of this server that waits now')
    .action(async (server: string, items: string[], options: Options) =>
      done(await decide('accept', server, { items, ...options })),
    )
  pins
    .command('reject')
    .description('refuse what waits or what was approved: ITEM@ID; only a person can accept it again')
    .argument('<server>')
    .argument('[items...]')
    .option('--all', 'everything of this server that waits now')
    .action(async (server: string, items: string[], options: Options) =>
      done(await decide('reject', server, { items, ...options })),
    )
}

type Stock = { readonly files: readonly PinFile[]; readonly isWhole: boolean }

function folder(): string {
  return join(stateFolder(), 'pins')
}

function stock(server: string | undefined): Stock {
  const reads = storedPins(folder())
  for (const read of reads) if (!read.ok) say(read.why)
  const files = reads.flatMap(read => (read.ok ? [read.file] : []))
  return {
    files: files.filter(file => server === undefined || file.server === server),
    isWhole: reads.every(read => read.ok),
  }
}

function show(server: string | undefined, { json }: Options): ExitCode {
  const { files, isWhole } = stock(server)
  if (json === true) {
    const plain = files.map(file => ({ ...file, pins: { ...file.pins, items: Object.fromEntries(file.pins.items) } }))
    printJson(plain)
    return isWhole ? 0 : 3
  }
  if (files.length === 0) say(`nothing is pinned${server === undefined ? '' : ` of ${server}`} yet`)
  for (const { identity, server: name, pins } of files) {
    process.stdout.write(`${name}  ${visible(identity.slice(name.length + 1))}\n`)
    if (pins.artefact !== undefined) process.stdout.write(`  ${artefactLine(pins.artefact)}\n`)
    for (const [key, pin] of pins.items) process.stdout.write(`  ${lineOf(key, pin)}\n`)
  }
  return isWhole ? 0 : 3
}

function artefactLine({ is, sinceMs, was }: Artefact): string {
  const before = was === undefined ? '' : `, before that ${visible(was)}`
  return `runs ${visible(is)} since ${new Date(sinceMs).toISOString().slice(0, 16)}${before}`
}

function lineOf(key: string, { approved, waiting, rejected }: Pin): string {
  const state = waiting !== undefined ? waiting.standing : approved !== undefined ? 'approved' : 'rejected'
  const since = new Date(waiting?.atMs ?? approved?.atMs ?? 0).toISOString().slice(0, 16)
  const by = waiting === undefined && approved !== undefined ? `by ${visible(approved.by)}` : ''
  const no = rejected.length === 0 ? '' : `(refused before: ${rejected.length})`
  return [state.padEnd(10), since, visible(key), by, no].filter(Boolean).join('  ')
}

function diff(server: string | undefined, { json }: Options): ExitCode {
  const { files, isWhole } = stock(server)
  const waiting = files.flatMap(({ server: name, pins }) =>
    [...pins.items].flatMap(([key, pin]) => (pin.waiting === undefined ? [] : [{ name, key, pin }])),
  )
  if (json === true) printJson(waiting.map(({ name, key, pin }) => pinChange(name, key, pin)))
  else {
    for (const { name, key, pin } of waiting) process.stdout.write(`${pinDiff(name, key, pin)}\n\n`)
    if (waiting.length === 0) say('nothing waits')
  }
  return isWhole ? (waiting.length === 0 ? 0 : 1) : 3
}

type Choice = { readonly items: readonly string[]; readonly all?: boolean }
type Chosen = { readonly key: string; readonly hash: ItemHash }

async function decide(how: 'accept' | 'reject', server: string, choice: Choice): Promise<ExitCode> {
  const found = choiceIn(stock(server).files, how, { server, ...choice })
  if (typeof found === 'string') {
    say(found)
    return 2
  }
  const { file, chosen } = found
  const record = await openDecisions({ server: file.server, how })
  if (record === undefined && how === 'accept') return 3
  try {
    const lost = vote(file, { how, chosen, record })
    for (const { key } of chosen)
      say(lost.includes(key) ? `${visible(key)}: changed meanwhile, look again` : `${visible(key)}: ${how}ed`)
    return lost.length === 0 ? 0 : 1
  } finally {
    await record?.close()
  }
}

type Found = { readonly file: PinFile; readonly chosen: readonly Chosen[] }

/**
 * A name can stand for several: what runs under it now, and what ran under it before its command was another. What is named
 * by its id, or waits at all, says which is meant; two that both could be are never guessed between.
 */
function choiceIn(
  files: readonly PinFile[],
  how: 'accept' | 'reject',
  choice: Choice & { readonly server: string },
): Found | string {
  const tried = files.map(file => ({ file, chosen: chosenOf(file.pins, how, choice) }))
  const fitting = tried.flatMap(({ file, chosen }) => (typeof chosen === 'string' ? [] : [{ file, chosen }]))
  const [first] = fitting
  if (first !== undefined && fitting.length === 1) return first
  if (first !== undefined)
    return `it waits at ${fitting.map(({ file }) => visible(file.identity)).join(' and at ')}: name one`
  const [only] = tried
  return typeof only?.chosen === 'string' ? only.chosen : `nothing is pinned of ${choice.server}`
}

type Voting = {
  readonly how: 'accept' | 'reject'
  readonly chosen: readonly Chosen[]
  readonly record: Decisions | undefined
}

/** Decides under the lock of the pins, and records each decision before it counts; the answer is what was too late. */
function vote({ server, identity }: PinFile, { how, chosen, record }: Voting): readonly string[] {
  const lost: string[] = []
  updatePins(folder(), { server: server as ServerName, identity }, pins =>
    chosen.reduce((now, one) => {
      const cast = { ...one, by: who(), atMs: Date.now() }
      const next = how === 'accept' ? accept(now, cast) : reject(now, cast)
      if (next === undefined) lost.push(one.key)
      else record?.write(one.key, now.items.get(one.key), one.hash)
      return next ?? now
    }, pins),
  )
  return lost
}

function chosenOf(pins: ServerPins, how: 'accept' | 'reject', { items, all }: Choice): readonly Chosen[] | string {
  const waiting = [...pins.items].flatMap(([key, pin]) =>
    pin.waiting === undefined ? [] : [{ key, hash: pin.waiting.hash }],
  )
  if (all === true) return waiting.length === 0 ? 'nothing waits' : waiting
  if (items.length === 0) return 'name what you mean, as `sallyport pins diff` shows it (ITEM@ID), or --all'
  const approved = [...pins.items].flatMap(([key, pin]) =>
    pin.approved === undefined ? [] : [{ key, hash: pin.approved.hash }],
  )
  const candidates = how === 'accept' ? waiting : [...waiting, ...approved]
  const chosen: Chosen[] = []
  for (const item of items) {
    const found = candidates.find(({ key, hash }) => item === `${key}@${pinId(hash)}`)
    // An id is asked for, so that what is accepted is what was looked at and not what the server says by now.
    if (found === undefined)
      return `${visible(item)}: nothing waits under that name and id; look again with: sallyport pins diff`
    chosen.push(found)
  }
  return chosen
}
