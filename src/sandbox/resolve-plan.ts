import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Access, dangerOfVariable, isInside } from './danger.ts'
import { isEngine, type PinImage, pinnedCommand } from './engine-command.ts'
import type { Machine } from './machine.ts'
import { type FindPackage, resolveCommand } from './package-entry.ts'
import { hostsOf, type Permission } from './permission.ts'
import { pinsOf, placeCovers, protectedLinks } from './pins.ts'
import type { Mount, Plan } from './plan.ts'
import type { Refused, Search } from './program.ts'
import { realPathOf, resolveDeclared } from './real-path.ts'
import { type FindSecret, fillSecrets } from './secret-reference.ts'

export type Wish = {
  readonly server: string
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly permission: Permission
}

export type Means = {
  readonly machine: Machine
  readonly search: Search
  readonly findPackage: FindPackage
  readonly findSecret: FindSecret
  readonly pinImage?: PinImage | undefined
}

export type Planned = { readonly ok: true; readonly plan: Plan } | Refused

/** Resolves every name of a document on this machine, right before the start: what was checked is what is bound. */
export async function resolvePlan(wish: Wish, means: Means): Promise<Planned> {
  const { permission } = wish
  const pinned = pinnedCommand(wish.command, means.pinImage)
  if (!pinned.ok) return pinned
  const program = resolveCommand(pinned.command, means.search, means.findPackage)
  if (!program.ok) return program
  const read = mounts('read', permission, means.machine.home)
  if (!read.ok) return read
  const write = mounts('write', permission, means.machine.home)
  if (!write.ok) return write
  const children = childrenOf(permission)
  if (!children.ok) return children
  const env = await environmentOf(wish, { findSecret: means.findSecret, program: program.found.program })
  if (!env.ok) return env
  const linked = permission.files.staging ? [] : write.mounts.flatMap(({ from }) => protectedLinks(from))
  if (linked.length > 0) return { ok: false, reason: `${linked[0]} is a link and cannot be protected`, wayOut: staging }
  const { program: path, args, needs, links } = program.found
  return {
    ok: true,
    plan: {
      ...{ server: wish.server, program: path, args, cwd: wish.cwd, env: env.env, permission },
      ...{
        code: outermost(needs),
        read: [...unseen(links, children.children), ...read.mounts],
        write: write.mounts,
        pins: [],
      },
      ...{ children: children.children, hosts: hostsOf(permission) },
      ...(isEngine(wish.command) ? { isEngine: true } : {}),
      ...('notHeld' in pinned && pinned.notHeld !== undefined ? { notHeld: pinned.notHeld } : {}),
    },
  }
}

/** Where every program is shown, so are the links among them, and nothing can be put in the place of one. */
function unseen(links: readonly Mount[], children: Plan['children']): readonly Mount[] {
  return children === 'any' ? links.filter(({ path }) => !path.startsWith('/usr/')) : links
}

const staging = 'set files.staging: true, so that writes go to a copy that is reviewed'

/** Keeps protected names of writable folders as they are. Called last: it makes covers on the disk. */
export function withPins(plan: Plan) {
  const folders = [...new Set(plan.write.map(({ from }) => from))]
  // Covers first: what stands in for a missing name is kept like one that was there.
  const covers = folders.flatMap(placeCovers)
  return { plan: { ...plan, pins: pinsOf(plan) }, covers }
}

type Mounts = { readonly ok: true; readonly mounts: readonly Mount[] } | Refused

function mounts(access: Access, permission: Permission, home: string): Mounts {
  const found: Mount[] = []
  for (const [i, path] of permission.files[access].entries()) {
    const resolved = resolveDeclared(path, access, home)
    const at = `files.${access}[${i}] ${JSON.stringify(path)}`
    if (!resolved.ok) return { ok: false, reason: `${at} ${resolved.why}`, wayOut: `write ${resolved.instead}` }
    if (access === 'write' && !resolved.isFolder)
      return {
        ok: false,
        reason: `${at} is a file`,
        wayOut: 'name the folder it lies in: a file is replaced, not changed',
      }
    found.push({ path: resolved.path, from: resolved.path })
    // The name that was declared works as well, unless it is a link inside something that is bound anyway.
    const others = [...permission.files.read, ...permission.files.write].filter(other => other !== path)
    if (path !== resolved.path && !others.some(other => isInside(path, other)))
      found.push({ path, from: resolved.path })
  }
  return { ok: true, mounts: found }
}

/** Code folders without those that lie in another; a folder that is bound twice is only slower. */
function outermost(paths: Plan['code']): Plan['code'] {
  return paths.filter(path => !paths.some(other => other !== path && isInside(path, other)))
}

const programFolders = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']

function childrenOf({ children }: Permission): { readonly ok: true; readonly children: Plan['children'] } | Refused {
  if (children === 'any') return { ok: true, children }
  if (children === 'none') return { ok: true, children: [] }
  const found: string[] = []
  for (const name of children) {
    const path = name.startsWith('/') ? name : programFolders.map(folder => join(folder, name)).find(existsSync)
    const real = path === undefined ? undefined : realPathOf(path)
    if (path === undefined || real === undefined)
      return {
        ok: false,
        reason: `children names ${name}, which is not installed`,
        wayOut: 'install it or take it out',
      }
    // Under its own name and under the one it is a link to; a name in a linked folder (/bin) is reached through it.
    found.push(real, ...(realpathSync(dirname(path)) === dirname(path) ? [path] : []))
  }
  return { ok: true, children: [...new Set(found)] }
}

type Environment = { readonly ok: true; readonly env: Readonly<Record<string, string>> } | Refused

/** Nothing is inherited: a short list of plain values, then what configuration and document name. */
async function environmentOf(wish: Wish, means: { findSecret: FindSecret; program: string }): Promise<Environment> {
  const own = dirname(means.program)
  const path = ['/usr/local/bin', '/usr/bin', '/bin']
  const env: Record<string, string> = {
    PATH: (path.includes(own) ? path : [own, ...path]).join(':'),
    HOME: '/tmp',
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
  }
  // What configuration gives is final: a secret that happens to look like a reference must not fetch another one.
  const given = Object.entries(wish.env).filter(([name]) => !(name in wish.permission.env))
  for (const [name, value] of given) {
    const wrong = wrongVariable(name, value)
    if (wrong) return wrong
    env[name] = value
  }
  for (const [name, value] of Object.entries(wish.permission.env)) {
    const filled = await fillSecrets(value, means.findSecret)
    if (!filled.ok) {
      const { store, name: secret } = filled.missing
      const wayOut = `store it, or correct the reference \${${store}:${secret}}`
      return { ok: false, reason: `the secret ${store}:${secret} for ${name} was not found`, wayOut }
    }
    const wrong = wrongVariable(name, filled.value)
    if (wrong) return wrong
    env[name] = filled.value
  }
  return { ok: true, env }
}

function wrongVariable(name: string, value: string): Refused | undefined {
  const danger = dangerOfVariable(name)
  if (danger) return { ok: false, reason: `the variable ${name} ${danger.why}`, wayOut: `write ${danger.instead}` }
  if (!value.includes('\0')) return undefined
  return { ok: false, reason: `the variable ${name} holds a zero byte`, wayOut: 'correct its value' }
}
