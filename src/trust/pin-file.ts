import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { effects } from '../core/capability.ts'
import { isObject, type Json } from '../core/json.ts'
import { pinParts, type Standing } from '../core/pin.ts'
import { makeFolder } from '../store/make-folder.ts'
import type { Approval, Artefact, Offer, Pin, Seen, ServerPins } from './pin-record.ts'
import type { ItemHash } from './surface-hash.ts'

/** What the file of one server holds. */
export type PinFile = { readonly identity: string; readonly server: string; readonly pins: ServerPins }
export type PinFileRead = { readonly ok: true; readonly file: PinFile } | { readonly ok: false; readonly why: string }

const bytesMax = 128 * 1024 * 1024

/** Reads what was approved; undefined when there is no file. One that is damaged or edited by hand is never half believed. */
export function readPinFile(path: string): PinFileRead | undefined {
  if (!existsSync(path)) return undefined
  const wrong = (what: string): PinFileRead => ({
    ok: false,
    why: `${path} ${what}. Nothing in it is trusted. Put a good copy back, or delete it to approve the server anew`,
  })
  try {
    if (statSync(path).size > bytesMax) return wrong('is larger than this program ever writes')
    const text = readFileSync(path, 'utf8')
    const [head, digest] = headForm.exec(text) ?? []
    if (head === undefined) return wrong('is no file of pins, or of a later version')
    const body = text.slice(head.length, -tail.length)
    if (!text.endsWith(tail) || digest !== digestOf(body))
      return wrong('was damaged or edited by hand: its digest does not fit')
    const server: Json = JSON.parse(body)
    const file = fileOf(server)
    return file === undefined ? wrong('has entries that make no sense') : { ok: true, file }
  } catch (cause) {
    return wrong(cause instanceof SyntaxError ? 'is not JSON' : `cannot be read (${codeOf(cause)})`)
  }
}

/** Writes whole or not at all: into a file beside, onto the disk, then over the old one in one step. */
export function writePinFile(path: string, file: PinFile): void {
  const body = textOf(file)
  const text = `${headOf(digestOf(body))}${body}${tail}`
  makeFolder(dirname(path))
  const beside = `${path}.${process.pid}.tmp`
  const handle = openSync(beside, 'w', 0o600)
  try {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(handle, bytes, at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(beside, path)
  syncFolder(dirname(path))
}

function syncFolder(path: string): void {
  // Windows opens no folders; its rename is durable enough.
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

// The digest is taken over the bytes as they stand: a file of ten thousand tools is written again for each page of its list.
const headForm = /^\{"version":1,"sha256":"([0-9a-f]{64})","server":/u
const tail = '}\n'

function headOf(digest: string): string {
  return `{"version":1,"sha256":"${digest}","server":`
}

function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}

/** What does not change is not spelled anew: most of a large file is the same as before. */
const spelled = new WeakMap<Pin, string>()

function textOf({ identity, server, pins: { settled, pages, items, artefact } }: PinFile): string {
  const lines: string[] = []
  for (const [key, pin] of items) {
    const text = spelled.get(pin) ?? JSON.stringify(pin)
    spelled.set(pin, text)
    lines.push(`${JSON.stringify(key)}:${text}`)
  }
  const rest = JSON.stringify({ identity, server, artefact, settled, pages })
  return `${rest.slice(0, -1)},"items":{\n${lines.join(',\n')}\n}}`
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason'
}

function fileOf(server: Json | undefined): PinFile | undefined {
  if (!isObject(server)) return undefined
  const { identity, server: name, settled, pages, items } = server
  if (typeof identity !== 'string' || typeof name !== 'string' || !Array.isArray(settled)) return undefined
  if (!isObject(pages) || !isObject(items)) return undefined
  const pins = new Map<string, Pin>()
  for (const [key, value] of Object.entries(items)) {
    const pin = pinOf(value)
    if (pin === undefined) return undefined
    pins.set(key, pin)
  }
  const counts = Object.fromEntries(
    pinParts.map(part => [part, pages[part]]).filter(([, count]) => typeof count === 'number'),
  )
  const parts = pinParts.filter(part => settled.includes(part))
  const artefact = artefactOf(server['artefact'])
  const known = { settled: parts, pages: counts, items: pins, ...(artefact === undefined ? {} : { artefact }) }
  return { identity, server: name, pins: known }
}

function artefactOf(value: Json | undefined): Artefact | undefined {
  if (!isObject(value)) return undefined
  const { is, sinceMs, was } = value
  if (typeof is !== 'string' || typeof sinceMs !== 'number') return undefined
  return { is, sinceMs, ...(typeof was === 'string' ? { was } : {}) }
}

function pinOf(value: Json | undefined): Pin | undefined {
  if (!isObject(value) || !Array.isArray(value['rejected'])) return undefined
  const rejected = value['rejected'].map(hashIn)
  const approved = approvalOf(value['approved'])
  const waiting = offerOf(value['waiting'])
  if (approved === null || waiting === null || !rejected.every(hash => hash !== undefined)) return undefined
  return { rejected, ...(approved === undefined ? {} : { approved }), ...(waiting === undefined ? {} : { waiting }) }
}

/** Undefined when there is none, null when it makes no sense. */
function approvalOf(value: Json | undefined): Approval | undefined | null {
  if (value === undefined) return undefined
  const seen = seenOf(value)
  const by = isObject(value) ? value['by'] : undefined
  const despite = isObject(value) && Array.isArray(value['despite']) ? value['despite'] : []
  const rules = despite.filter(rule => typeof rule === 'string')
  if (seen === undefined || typeof by !== 'string') return null
  return { ...seen, by, ...(rules.length === 0 ? {} : { despite: rules }) }
}

function offerOf(value: Json | undefined): Offer | undefined | null {
  if (value === undefined) return undefined
  const seen = seenOf(value)
  if (seen === undefined || !isObject(value) || !Array.isArray(value['found'])) return null
  const standing = standings.find(known => known === value['standing'])
  if (standing === undefined) return null
  const found = value['found'].filter(rule => typeof rule === 'string')
  return { ...seen, standing, found, ...(typeof value['was'] === 'string' ? { was: value['was'] } : {}) }
}

const standings: readonly Standing[] = ['unaccepted', 'new', 'changed', 'renamed', 'lookalike', 'rejected']

function seenOf(value: Json): Seen | undefined {
  if (!isObject(value)) return undefined
  const { atMs, effects: can, item } = value
  const hash = hashIn(value['hash'])
  if (hash === undefined || typeof atMs !== 'number' || !Array.isArray(can)) return undefined
  return { hash, atMs, effects: effects.filter(effect => can.includes(effect)), ...(isObject(item) ? { item } : {}) }
}

function hashIn(value: Json | undefined): ItemHash | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/u.test(value) ? (value as ItemHash) : undefined
}
