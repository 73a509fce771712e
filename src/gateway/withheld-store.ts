import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../core/json.ts'
import { makeFolder } from '../store/make-folder.ts'

/** An answer that was kept back, as it would have passed: with everything cut out of it that was to be cut. */
export type Withheld = {
  readonly tenant: string
  readonly principal: string
  readonly server: string
  /** What it is, in words. */
  readonly about: string
  readonly rules: readonly string[]
  readonly atMs: number
  readonly text: string
}

export type Kept =
  | { readonly state: 'kept'; readonly id: string }
  | { readonly state: 'released' }
  | { readonly state: 'lost' }

/** Answers that wait for a person, in files of this user alone, so that another process can show and release them. */
export type WithheldStore = {
  /** Keeps an answer, unless a person released the very same one. */
  withhold(answer: Withheld): Kept
}

export const withheldBounds = { answers: 200, chars: 1024 * 1024, lifeMs: 86_400_000 } as const

export function newWithheldStore(folder: string): WithheldStore {
  return {
    withhold(answer) {
      const id = idOf(answer)
      try {
        const known = readWithheld(folder, id, answer.atMs)
        if (known?.releasedMs !== undefined) return { state: 'released' }
        if (answer.text.length > withheldBounds.chars) return { state: 'lost' }
        makeFolder(folder)
        if (known === undefined) sweep(folder, answer.atMs)
        write(folder, id, { ...answer, id })
        return { state: 'kept', id }
      } catch {
        // Not kept is withheld all the same.
        return { state: 'lost' }
      }
    },
  }
}

/** One that waits or was released. */
export type WithheldFile = Withheld & { readonly id: string; readonly releasedMs?: number }

/** All that are kept, oldest first. */
export function withheldIn(folder: string, nowMs: number): readonly WithheldFile[] {
  const all = idsIn(folder).flatMap(id => readWithheld(folder, id, nowMs) ?? [])
  return all.sort((a, b) => a.atMs - b.atMs)
}

export function readWithheld(folder: string, id: string, nowMs: number): WithheldFile | undefined {
  if (!isId(id)) return undefined
  const text = textOf(join(folder, `${id}.json`))
  const value: unknown = text === undefined ? undefined : JSON.parse(text)
  if (!isObject(value)) return undefined
  const { tenant, principal, server, about, rules, atMs, releasedMs } = value
  const own = { id, tenant: String(tenant), principal: String(principal), server: String(server), about: String(about) }
  const since = typeof releasedMs === 'number' ? { releasedMs } : {}
  const isOver = nowMs - Math.max(Number(atMs), since.releasedMs ?? 0) > withheldBounds.lifeMs
  if (isOver) return undefined
  const named = Array.isArray(rules) ? rules.map(String) : []
  return { ...own, rules: named, atMs: Number(atMs), text: String(value['text']), ...since }
}

/** Lets an answer through from now on; it is released for a day, to the principal that asked for it. */
export function releaseWithheld(folder: string, id: string, nowMs: number): WithheldFile | undefined {
  const known = readWithheld(folder, id, nowMs)
  if (known === undefined) return undefined
  const released = { ...known, releasedMs: nowMs }
  write(folder, id, released)
  return released
}

export function dropWithheld(folder: string, id: string): void {
  if (isId(id)) rmSync(join(folder, `${id}.json`), { force: true })
}

// What it is, to whom, from where: a release for one principal or server is none for another.
function idOf({ tenant, principal, server, about, text }: Withheld): string {
  return createHash('sha256')
    .update(JSON.stringify([tenant, principal, server, about, text]))
    .digest('hex')
    .slice(0, 32)
}

function isId(id: string): boolean {
  return /^[0-9a-f]{32}$/u.test(id)
}

function idsIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap(name => (isId(name.slice(0, 32)) ? [name.slice(0, 32)] : []))
  } catch {
    return []
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function sweep(folder: string, nowMs: number): void {
  const alive = new Set(withheldIn(folder, nowMs).slice(1 - withheldBounds.answers))
  const ids = new Set([...alive].map(({ id }) => id))
  for (const id of idsIn(folder)) if (!ids.has(id)) dropWithheld(folder, id)
}

function write(folder: string, id: string, file: WithheldFile): void {
  const path = join(folder, `${id}.json`)
  writeFileSync(`${path}.new`, JSON.stringify(file), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
