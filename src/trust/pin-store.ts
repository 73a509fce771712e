import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Kind } from '../core/message.ts'
import type { PinPart, PinPort, PinSubject } from '../core/pin.ts'
import { waitForLock } from '../store/lock.ts'
import { makeFolder } from '../store/make-folder.ts'
import { type Notice, openNotice, postNotice } from '../store/notice.ts'
import { oncePerTurn } from '../store/turn.ts'
import { arrive, settle } from './first-look.ts'
import { noPins, see } from './pin.ts'
import { type Astray, newAstray } from './pin-astray.ts'
import { type PinFileRead, readPinFile, writePinFile } from './pin-file.ts'
import { foundBefore, foundIn } from './pin-findings.ts'
import { requestMarks, surfaceMarks } from './pin-marks.ts'
import type { ServerPins } from './pin-record.ts'
import type { ItemHash } from './surface-hash.ts'
import { sightOf } from './surface-item.ts'
import { newUnchanged } from './unchanged.ts'

export type PinStoreOptions = {
  readonly folder: string
  /** Told after something was approved by a rule, began to wait for a person, or was taken back. */
  onChange?(subject: PinSubject, changes: readonly PinChange[]): void
}

/** What became of one item: approved by a rule, waiting, taken back; or of the server: another version runs. */
export type PinChange = {
  readonly key: string
  readonly what: 'approved' | 'waiting' | 'restored' | 'replaced'
  /** Of the definition; of the server itself there is none. */
  readonly hash?: ItemHash
  /** The rule that approved it, why it waits, or which version came after which. */
  readonly why: string
}

/** What is known of one server while the gateway runs. */
export type Known = {
  readonly stamp: string
  readonly pins: ServerPins
  /** Why the file cannot be believed. */
  readonly broken?: string
}

/** Pins in a folder: one file per server, shared by all gateways of this user. */
export function openPinStore({ folder, onChange }: PinStoreOptions): PinPort {
  const files = new Map<string, PinFile>()
  const unchanged = newUnchanged()
  const notice = openNotice(noticeIn(folder))
  const fileOf = (identity: string): PinFile => {
    const file = files.get(identity) ?? openPinFile(folder, identity, { notice, astray: newAstray() })
    files.set(identity, file)
    return file
  }
  const load = (identity: string): Known => fileOf(identity).read()
  const change = (subject: PinSubject, step: (pins: ServerPins) => ServerPins): void => {
    const before = load(subject.identity)
    // Most of the time nothing changes, and nothing is locked or written.
    if (before.broken !== undefined || step(before.pins) === before.pins) return
    fileOf(subject.identity).take(updatePins(folder, { ...subject, before }, step))
    const changes = difference(before.pins, load(subject.identity).pins)
    if (changes.length > 0) onChange?.(subject, changes)
  }
  return {
    look(subject, message) {
      const { pins: before, broken } = load(subject.identity)
      const pins = arrive(before, { is: subject.artefact, atMs: message.atMs })
      if (broken === undefined && unchanged.has(pins, message)) return []
      const sight = sightOf(message)
      if (sight !== undefined) return surfaceMarks({ pins, broken, sight, trust: subject.trust, message })
      const strayed = fileOf(subject.identity).astray.of(message.session)
      return requestMarks({ pins, broken, strayed, trust: subject.trust, message })
    },
    keep(subject, message, findings) {
      change(subject, pins => arrive(pins, { is: subject.artefact, atMs: message.atMs }))
      const { pins: before, broken } = load(subject.identity)
      const { astray } = fileOf(subject.identity)
      if (broken === undefined && astray.of(message.session) === undefined && unchanged.has(before, message))
        return astray.meet(message.session)
      const sight = sightOf(message)
      if (sight === undefined) {
        const used = usedIn[message.body.kind]
        if (used !== undefined) change(subject, pins => settle(pins, used))
        return
      }
      const sightings = foundIn(sight, message, findings)
      change(subject, pins => see(pins, { ...sight, sightings, trust: subject.trust, atMs: message.atMs }))
      const { pins } = load(subject.identity)
      const isApproved = astray.note(message.session, { pins, sight, subject })
      if (isApproved && pins === before && broken === undefined) unchanged.note(pins, message)
    },
    accepted(subject, message, findings) {
      const { pins, broken } = load(subject.identity)
      const sight = findings.length === 0 || broken !== undefined ? undefined : sightOf(message)
      return sight === undefined ? [] : foundBefore(pins, sight, { root: message.root, findings })
    },
  }
}

/** One server's file as this gateway last saw it. Other programs write it: a person's yes or no counts from the next turn on. */
type PinFile = { readonly astray: Astray; read(): Known; take(known: Known): void }

type Watched = { readonly notice: Pick<Notice, 'edition'>; readonly astray: Astray }

function openPinFile(folder: string, identity: string, { notice, astray }: Watched): PinFile {
  const path = pinPath(folder, identity)
  let known: Known | undefined
  let edition = 0
  const look = oncePerTurn(() => {
    const now = notice.edition()
    if (edition === now) return
    edition = now
    const stamp = stampOf(path)
    if (known?.stamp !== stamp) take(knownFrom(path, identity, stamp))
  })
  const take = (changed: Known) => {
    astray.refused(known?.pins ?? noPins, changed.pins)
    known = changed
  }
  return {
    astray,
    read() {
      look()
      return known ?? { stamp: '', pins: noPins, broken: 'it was not read' }
    },
    take,
  }
}

const usedIn: Readonly<Partial<Record<Kind, PinPart>>> = {
  'tool.call': 'tools',
  'prompt.get': 'prompts',
  'resource.read': 'templates',
}

function difference(before: ServerPins, after: ServerPins): readonly PinChange[] {
  const changes: PinChange[] = []
  const { is, was } = after.artefact ?? {}
  if (was !== undefined && is !== before.artefact?.is)
    changes.push({ key: 'server', what: 'replaced', why: `${was} → ${is}` })
  for (const [key, pin] of after.items) {
    const old = before.items.get(key)
    if (pin === old) continue
    const { approved, waiting } = pin
    if (approved !== undefined && approved.hash !== old?.approved?.hash)
      changes.push({ key, what: 'approved', hash: approved.hash, why: approved.by })
    else if (approved !== undefined && waiting === undefined && old?.waiting !== undefined)
      changes.push({ key, what: 'restored', hash: approved.hash, why: old.waiting.standing })
    if (waiting !== undefined && waiting.hash !== old?.waiting?.hash)
      changes.push({ key, what: 'waiting', hash: waiting.hash, why: waiting.standing })
  }
  return changes
}

export type Updated = Pick<PinSubject, 'server' | 'identity'> & {
  /** What was read before: the file is not read again while it is the same one. */
  readonly before?: Known
}

/** Changes what is kept of one server, one process at a time, on what the file says by then. */
export function updatePins(
  folder: string,
  { server, identity, before }: Updated,
  step: (pins: ServerPins) => ServerPins,
): Known {
  makeFolder(folder)
  const path = pinPath(folder, identity)
  const lock = waitForLock(join(folder, 'pins.lock'))
  try {
    const stamp = stampOf(path)
    const now = before?.stamp === stamp ? before : knownFrom(path, identity, stamp)
    if (now.broken !== undefined) return now
    const pins = step(now.pins)
    if (pins === now.pins) return now
    writePinFile(path, { identity, server, pins })
    postNotice(noticeIn(folder))
    return { pins, stamp: stampOf(path) }
  } finally {
    lock.release()
  }
}

/** Every file of pins in a folder, for people who want to see them. */
export function storedPins(folder: string): readonly PinFileRead[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter(name => name.endsWith('.pins.json'))
  return files.toSorted().flatMap(name => readPinFile(join(folder, name)) ?? [])
}

/** A file under the name of another server's is whole, and says yes to what nobody saw of this one. */
function knownFrom(path: string, identity: string, stamp: string): Known {
  const read = readPinFile(path)
  if (read === undefined) return { stamp, pins: noPins }
  if (!read.ok) return { stamp, pins: noPins, broken: read.why }
  if (read.file.identity === identity) return { stamp, pins: read.file.pins }
  const wayOut = 'Put a good copy back, or delete it to approve the server anew'
  return { stamp, pins: noPins, broken: `${path} holds what was approved of another server. ${wayOut}` }
}

function noticeIn(folder: string): string {
  return join(folder, 'pins.changed')
}

/** The file of one server. */
export function pinPath(folder: string, identity: string): string {
  return join(folder, `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.pins.json`)
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? 'none' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`
}
