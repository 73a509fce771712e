import { isAbsolute, join } from 'node:path'
import type { HostRule } from '../core/egress.ts'
import { type Access, type Danger, dangerOfHost, dangerOfPath, dangerOfVariable } from './danger.ts'
import { type Permission, type Problem, readShape, type Shaped } from './permission-shape.ts'

export type { Permission, Problem } from './permission-shape.ts'

/** Where relative and `~` paths of a document lead. */
export type Place = { readonly cwd: string; readonly home: string }

/** Reads a document: shape, then every value that would open more than it seems to. Paths come out absolute. */
export function readPermission(value: unknown, place: Place): Shaped {
  const shaped = readShape(value)
  if (!shaped.ok) return shaped
  const permission = withAbsolutePaths(shaped.permission, place)
  const problems = dangersOf(permission, place.home)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, permission }
}

/** The hosts of a document as rules; empty when it has no network. */
export function hostsOf(permission: Permission): readonly HostRule[] {
  if (permission.net === 'none') return []
  return permission.net.hosts.map(host => {
    const [, name = '', port] = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/u.exec(host.toLowerCase()) ?? []
    return { name, port: Number(port ?? 443) }
  })
}

function withAbsolutePaths(permission: Permission, place: Place): Permission {
  const cwd = permission.cwd === undefined ? place.cwd : absolute(permission.cwd, place)
  const each = (paths: string[]) => paths.map(path => absolute(path, { ...place, cwd }))
  const { read, write, staging } = permission.files
  return { ...permission, cwd, files: { read: each(read), write: each(write), staging } }
}

// `..` is kept, not normalised away: what was written is what is judged, and a document must not need arithmetic.
function absolute(path: string, { cwd, home }: Place): string {
  if (path === '~') return home
  if (path.startsWith('~/')) return trimmed(`${home}/${path.slice(2)}`)
  if (isAbsolute(path)) return trimmed(path)
  if (path.split('/').includes('..')) return `${cwd}/${path}`
  return trimmed(join(cwd, path))
}

function trimmed(path: string): string {
  return path.replace(/\/+$/u, '') || '/'
}

function dangersOf(permission: Permission, home: string): Problem[] {
  const paths = (access: Access) =>
    permission.files[access].flatMap((path, i) =>
      problem(`files.${access}[${i}]`, path, dangerOfPath(path, access, home)),
    )
  const hosts = permission.net === 'none' ? [] : permission.net.hosts
  const programs = Array.isArray(permission.children) ? permission.children : []
  return [
    ...paths('read'),
    ...paths('write'),
    ...hosts.flatMap((host, i) => problem(`net.hosts[${i}]`, host, dangerOfHost(host))),
    ...Object.keys(permission.env).flatMap(name => problem(`env.${name}`, name, dangerOfVariable(name))),
    ...Object.entries(permission.env).flatMap(([name, value]) => problem(`env.${name}`, name, dangerOfValue(value))),
    ...programs.flatMap((name, i) => problem(`children[${i}]`, name, dangerOfProgram(name))),
    ...(permission.command ?? []).flatMap((part, i) => problem(`command[${i}]`, 'it', dangerOfValue(part))),
    ...problem('cwd', permission.cwd ?? '', permission.cwd?.includes('\0') ? nul : undefined),
  ]
}

const nul: Danger = { why: 'holds a zero byte', instead: 'text without one' }

function dangerOfValue(value: string): Danger | undefined {
  return value.includes('\0') ? nul : undefined
}

function dangerOfProgram(name: string): Danger | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._+-]*$/u.test(name)) return undefined
  if (name.startsWith('/')) return dangerOfPath(name, 'read', '')
  return { why: 'is neither a program name nor an absolute path', instead: 'git, or /usr/bin/git' }
}

function problem(at: string, value: string, danger: Danger | undefined): Problem[] {
  return danger === undefined ? [] : [{ at, text: `${shown(value)} ${danger.why}; write ${danger.instead}` }]
}

function shown(value: string): string {
  return JSON.stringify(value.length > 120 ? `${value.slice(0, 120)}…` : value)
}
