import { isAbsolute, join } from 'node:path'
import * as z from 'zod'
import type { HostRule } from '../core/egress.ts'
import { type Access, type Danger, dangerOfHost, dangerOfPath, dangerOfVariable } from './danger.ts'

const most = { paths: 64, hosts: 64, variables: 64, argument: 32_768, arguments: 256, programs: 32 } as const

const path = z.string().min(1).max(1024)
const integer = (min: number, max: number, standard: number) => z.int().min(min).max(max).default(standard)

const files = z.strictObject({
  read: z.array(path).max(most.paths).default([]).describe('Files and folders that may be read.'),
  write: z.array(path).max(most.paths).default([]).describe('Folders that may be read and written.'),
  staging: z
    .boolean()
    .default(false)
    .describe('Writes go to a copy; `sallyport sandbox review` shows them and applies them file by file.'),
})

const limits = z.strictObject({
  pids: integer(16, 4096, 64).describe('Processes and threads together. Node alone needs about 12.'),
  memoryMiB: integer(64, 65_536, 512).describe('Memory of one process, and of all of them together.'),
  cpuSeconds: integer(1, 10_000_000, 3600).describe('Processor time that one process may use in its life.'),
  fileMiB: integer(1, 65_536, 64).describe('Largest file that may be written.'),
  tmpMiB: integer(1, 16_384, 64).describe('Size of /tmp, which is empty at each start.'),
  openFiles: integer(64, 65_536, 1024).describe('Open files and sockets of one process.'),
  outputMiBPerMin: integer(1, 65_536, 512).describe('What it may print in a minute before it is stopped.'),
  lineMiB: integer(1, 64, 16).describe('Longest message that it may print.'),
})

/** The one permission document: what a server may touch. Everything that is left out is refused. */
export const permissionSchema = z.strictObject({
  schema: z.literal(1).default(1),
  command: z
    .array(z.string().max(most.argument))
    .min(1)
    .max(most.arguments)
    .optional()
    .describe('Program and arguments that this document was written for; another command is refused.'),
  cwd: path.optional().describe('Folder that relative paths start from.'),
  files: files.prefault({}),
  net: z
    .union([z.literal('none'), z.strictObject({ hosts: z.array(z.string().max(300)).min(1).max(most.hosts) })])
    .default('none')
    .describe('No network, or a list of name:port (port 443 when left out).'),
  env: z
    .record(z.string().max(128), z.string().max(most.argument))
    .default({})
    .describe('The whole environment: literals, or references in $' + '{…}: keyring:name, env:NAME, file:/path.'),
  children: z
    .union([z.enum(['none', 'any']), z.array(z.string().max(256)).min(1).max(most.programs)])
    .default('none')
    .describe('Other programs that it may start: none, any of /usr, or the named ones.'),
  unixSockets: z.boolean().default(false).describe('May make unix sockets inside the sandbox (browsers need it).'),
  limits: limits.prefault({}),
  reason: z.string().max(1000).default('').describe('Why the server needs this, in a sentence.'),
  author: z.string().max(200).default('').describe('Who wrote this document.'),
})

export type Permission = z.infer<typeof permissionSchema>

export type Problem = { readonly at: string; readonly text: string }

/** Where relative and `~` paths of a document lead. */
export type Place = { readonly cwd: string; readonly home: string }

export type Reading =
  | { readonly ok: true; readonly permission: Permission }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Reads a document: shape, then every value that would open more than it seems to. Paths come out absolute. */
export function readPermission(value: unknown, place: Place): Reading {
  const parsed = permissionSchema.safeParse(value ?? {})
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap(problemsOf) }
  const permission = withAbsolutePaths(parsed.data, place)
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

type Issue = z.core.$ZodIssue

function problemsOf(issue: Issue): Problem[] {
  const at = issue.path.join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ at: [at, key].filter(Boolean).join('.'), text: `is not known here; ${known(at)}` }))
  return [{ at: at || '(document)', text: issue.message }]
}

function known(at: string): string {
  const shape = at === 'files' ? files.shape : at === 'limits' ? limits.shape : permissionSchema.shape
  return `known are ${Object.keys(shape).join(', ')}`
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
