import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { release, version } from 'node:os'
import { dirname } from 'node:path'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import { makeFolder } from '../store/make-folder.ts'
import type { Bubblewrap, Landlock, Machine } from './machine.ts'
import type { Switches } from './obstacle.ts'

/** What trying the sandboxes came to, each where it worked. */
export type Tried = { readonly full?: Full; readonly landlock?: Landlock }

/** Bubblewrap, and whether root could start it as somebody else. */
export type Full = { readonly bubblewrap: Bubblewrap; readonly canBeAnother: boolean }

/** Keeps what a trial came to for as long as nothing that it depended on has changed. */
export type ProbeMemory = {
  recall(circumstances: string): Tried | undefined
  keep(circumstances: string, tried: Tried): void
}

/** So long a trial is believed. Whatever is not among the circumstances is found out by the next one. */
const believedMs = 3_600_000

/**
 * Everything that a trial depends on, as one digest: the kernel since it booted, its switches, who asks from inside which
 * namespaces and with which rights, and the very files of the tools. A failure is never kept: it is tried again.
 */
export function circumstancesOf(machine: Machine, switches: Switches): string {
  const { platform, architecture, uid, gid, tools, root } = machine
  const facts = [
    [platform, architecture, uid, gid, root, switches, release(), version()],
    textOf('/proc/sys/kernel/random/boot_id'),
    textOf('/proc/self/status').match(/^(?:Groups|Cap\w+|NoNewPrivs|Seccomp\w*):.*$/gmu),
    textOf('/proc/self/attr/current'),
    ['user', 'mnt', 'pid', 'net', 'ipc'].map(name => linkOf(`/proc/self/ns/${name}`)),
    Object.entries(tools).map(([name, path]) => [name, path, stampOf(path)]),
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

/** A memory in a file of this user alone. */
export function probeMemory(path: string, now: () => number = Date.now): ProbeMemory {
  return {
    recall(circumstances) {
      const kept = readKept(path)
      if (kept?.['circumstances'] !== circumstances) return undefined
      const [full, landlock] = [fullIn(fresh(kept['full'], now())), landlockIn(fresh(kept['landlock'], now()))]
      if (full === undefined && landlock === undefined) return undefined
      return { ...(full === undefined ? {} : { full }), ...(landlock === undefined ? {} : { landlock }) }
    },
    keep(circumstances, { full, landlock }) {
      try {
        const atMs = now()
        const before = readKept(path)
        // Each trial has its own age: one that is made today says nothing of one that was made an hour ago.
        const others = before?.['circumstances'] === circumstances ? before : { circumstances }
        const fulls = full === undefined ? {} : { full: { atMs, ...full } }
        const locks = landlock === undefined ? {} : { landlock: { atMs, ...landlock } }
        makeFolder(dirname(path))
        const beside = `${path}.${process.pid}.tmp`
        writeFileSync(beside, JSON.stringify({ ...others, ...fulls, ...locks }), { mode: 0o600 })
        renameSync(beside, path)
      } catch {
        // Without a memory everything works; the next start tries again.
      }
    },
  }
}

function fresh(half: Json | undefined, nowMs: number): JsonObject | undefined {
  if (!isObject(half) || typeof half['atMs'] !== 'number') return undefined
  const sinceMs = nowMs - half['atMs']
  return sinceMs >= 0 && sinceMs < believedMs ? half : undefined
}

function readKept(path: string): JsonObject | undefined {
  try {
    const { uid, mode } = statSync(path)
    // Whoever could write it could say that a sandbox holds which does not.
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return undefined
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isObject(kept) ? kept : undefined
  } catch {
    return undefined
  }
}

function fullIn(half: JsonObject | undefined): Full | undefined {
  const { bubblewrap, canBeAnother } = half ?? {}
  if (!isObject(bubblewrap) || typeof canBeAnother !== 'boolean') return undefined
  const { ok, version: known, canDisableUserNamespaces, canSizeTmpfs, canBindDescriptors, layers } = bubblewrap
  if (ok !== true || typeof known !== 'string' || !Array.isArray(layers)) return undefined
  if (typeof canDisableUserNamespaces !== 'boolean' || typeof canSizeTmpfs !== 'boolean') return undefined
  if (typeof canBindDescriptors !== 'boolean') return undefined
  const names = layers.filter(layer => typeof layer === 'string')
  const able = { canDisableUserNamespaces, canSizeTmpfs, canBindDescriptors }
  return { bubblewrap: { ok, version: known, ...able, layers: names }, canBeAnother }
}

function landlockIn(half: JsonObject | undefined): Landlock | undefined {
  const { ok, abi, python } = half ?? {}
  return ok === true && typeof abi === 'number' && typeof python === 'string' ? { ok, abi, python } : undefined
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined
    ? 'none'
    : [stat.dev, stat.ino, stat.mode, stat.uid, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ')
}
