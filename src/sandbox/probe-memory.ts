import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readlinkSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { release, version } from 'node:os'
import { dirname } from 'node:path'
import { isObject, type JsonObject } from '../core/json.ts'
import type { Bubblewrap, Machine } from './machine.ts'
import type { Switches } from './obstacle.ts'

/** What trying a sandbox came to, where it worked. */
export type Tried = { readonly bubblewrap: Bubblewrap; readonly canBeAnother: boolean }

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
      const atMs = kept?.['atMs']
      const sinceMs = typeof atMs === 'number' ? now() - atMs : -1
      const isFresh = kept?.['circumstances'] === circumstances && sinceMs >= 0 && sinceMs < believedMs
      return isFresh ? triedIn(kept) : undefined
    },
    keep(circumstances, tried) {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        const beside = `${path}.${process.pid}.tmp`
        writeFileSync(beside, JSON.stringify({ circumstances, atMs: now(), ...tried }), { mode: 0o600 })
        renameSync(beside, path)
      } catch {
        // Without a memory everything works; the next start tries again.
      }
    },
  }
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

function triedIn({ bubblewrap, canBeAnother }: JsonObject): Tried | undefined {
  if (!isObject(bubblewrap) || typeof canBeAnother !== 'boolean') return undefined
  const { ok, version: known, canDisableUserNamespaces, canSizeTmpfs, layers } = bubblewrap
  if (ok !== true || typeof known !== 'string' || !Array.isArray(layers)) return undefined
  if (typeof canDisableUserNamespaces !== 'boolean' || typeof canSizeTmpfs !== 'boolean') return undefined
  const names = layers.filter(layer => typeof layer === 'string')
  return { bubblewrap: { ok, version: known, canDisableUserNamespaces, canSizeTmpfs, layers: names }, canBeAnother }
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
