import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionId } from '../core/brand.ts'
import type { Message } from '../core/message.ts'
import type { PinPort, PinSubject, Standing } from '../core/pin.ts'
import { holdLock } from '../store/lock.ts'
import { oncePerTurn } from '../store/turn.ts'
import { judgeItem, keyOf, noPins, see, settle } from './pin.ts'
import { type PinFileRead, readPinFile, writePinFile } from './pin-file.ts'
import { foundIn } from './pin-findings.ts'
import { requestMarks, surfaceMarks } from './pin-marks.ts'
import type { ServerPins } from './pin-record.ts'
import { type Sight, sightOf } from './surface-item.ts'

export type PinStoreOptions = {
  readonly folder: string
  /** Told after something new was approved by a rule, or began to wait for a person. */
  onChange?(subject: PinSubject, change: { readonly approved: number; readonly waiting: number }): void
}

/** What is known of one server while the gateway runs. */
export type Known = {
  readonly stamp: string
  readonly pins: ServerPins
  /** Why the file cannot be believed. */
  readonly broken?: string
}

/** Sessions whose server last showed them something that was not approved, and what. */
export type Astray = Map<SessionId, Map<string, Standing>>

/** Sessions remembered per server; the oldest goes first, and its client's next list tells anew. */
const sessionsMax = 10_000

/** Pins in a folder: one file per server, shared by all gateways of this user. */
export function openPinStore({ folder, onChange }: PinStoreOptions): PinPort {
  const files = new Map<string, PinFile>()
  const strays = new Map<string, Astray>()
  const fileOf = (identity: string): PinFile => {
    const file = files.get(identity) ?? openPinFile(pinPath(folder, identity))
    files.set(identity, file)
    return file
  }
  const load = (identity: string): Known => fileOf(identity).read()
  const astrayOf = (identity: string): Astray => {
    const found = strays.get(identity) ?? new Map()
    strays.set(identity, found)
    return found
  }
  const change = (subject: PinSubject, step: (pins: ServerPins) => ServerPins): void => {
    const before = load(subject.identity)
    // Most of the time nothing changes, and nothing is locked or written.
    if (before.broken !== undefined || step(before.pins) === before.pins) return
    fileOf(subject.identity).take(updatePins(folder, subject, step))
    onChange?.(subject, difference(before.pins, load(subject.identity).pins))
  }
  return {
    look(subject, message) {
      const { pins, broken } = load(subject.identity)
      const sight = sightOf(message)
      if (sight !== undefined) return surfaceMarks({ pins, broken, sight, trust: subject.trust, message })
      const strayed = strays.get(subject.identity)?.get(message.session)
      return requestMarks({ pins, broken, strayed, trust: subject.trust, message })
    },
    keep(subject, message, findings) {
      const sight = sightOf(message)
      if (sight === undefined) {
        if (message.body.kind === 'tool.call') change(subject, settle)
        return
      }
      const sightings = foundIn(sight, message, findings)
      change(subject, pins => see(pins, { ...sight, sightings, trust: subject.trust, atMs: message.atMs }))
      note(astrayOf(subject.identity), message, { pins: load(subject.identity).pins, sight, subject })
    },
  }
}

/** One server's file as this gateway last saw it. Other programs write it: a person's yes or no counts from the next turn on. */
type PinFile = { read(): Known; take(known: Known): void }

function openPinFile(path: string): PinFile {
  let known: Known | undefined
  const look = oncePerTurn(() => {
    const stamp = stampOf(path)
    if (known?.stamp !== stamp) known = knownFrom(readPinFile(path), stamp)
  })
  return {
    read() {
      look()
      return known ?? { stamp: '', pins: noPins, broken: 'it was not read' }
    },
    take(changed) {
      known = changed
    },
  }
}

type Noting = { readonly pins: ServerPins; readonly sight: Sight; readonly subject: PinSubject }

function note(astray: Astray, { session }: Message, { pins, sight, subject }: Noting): void {
  const strayed = astray.get(session) ?? new Map<string, Standing>()
  const bad = new Set<string>()
  for (const item of sight.items) {
    const key = keyOf(item)
    const judged = judgeItem(pins, item, subject.trust)
    if (judged.kind === 'approved') {
      // Two definitions under one name in one list: the wrong one counts.
      if (!bad.has(key)) strayed.delete(key)
      continue
    }
    bad.add(key)
    strayed.set(key, judged.kind === 'astray' ? judged.standing : 'changed')
  }
  astray.delete(session)
  if (strayed.size > 0) astray.set(session, strayed)
  if (astray.size > sessionsMax) astray.delete(astray.keys().next().value ?? session)
}

function difference(before: ServerPins, after: ServerPins): { approved: number; waiting: number } {
  let approved = 0
  let waiting = 0
  for (const [key, pin] of after.items) {
    const old = before.items.get(key)
    if (pin.approved !== undefined && pin.approved.hash !== old?.approved?.hash) approved++
    if (pin.waiting !== undefined && pin.waiting.hash !== old?.waiting?.hash) waiting++
  }
  return { approved, waiting }
}

/** Changes what is kept of one server, one process at a time, on what the file says by then. */
export function updatePins(
  folder: string,
  { server, identity }: Pick<PinSubject, 'server' | 'identity'>,
  step: (pins: ServerPins) => ServerPins,
): Known {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = pinPath(folder, identity)
  const lock = lockSoon(join(folder, 'pins.lock'))
  try {
    const now = knownFrom(readPinFile(path), stampOf(path))
    if (now.broken !== undefined) return now
    const pins = step(now.pins)
    if (pins === now.pins) return now
    writePinFile(path, { identity, server, pins })
    return { pins, stamp: stampOf(path) }
  } finally {
    lock.release()
  }
}

const lockTries = 100
const lockWaitMs = 10
const pause = new Int32Array(new SharedArrayBuffer(4))

function lockSoon(path: string) {
  for (let i = 0; i < lockTries; i++) {
    const lock = holdLock(path)
    if (lock !== undefined) return lock
    Atomics.wait(pause, 0, 0, lockWaitMs)
  }
  const busy = new Error(`${path} is held by another program; try again`)
  throw Object.assign(busy, { code: 'busy' })
}

/** Every file of pins in a folder, for people who want to see them. */
export function storedPins(folder: string): readonly PinFileRead[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter(name => name.endsWith('.pins.json'))
  return files.toSorted().flatMap(name => readPinFile(join(folder, name)) ?? [])
}

function knownFrom(read: PinFileRead | undefined, stamp: string): Known {
  if (read === undefined) return { stamp, pins: noPins }
  return read.ok ? { stamp, pins: read.file.pins } : { stamp, pins: noPins, broken: read.why }
}

function pinPath(folder: string, identity: string): string {
  return join(folder, `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}.pins.json`)
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? 'none' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`
}
