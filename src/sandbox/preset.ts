import { existsSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import { wantedBy } from './package-entry.ts'
import { codeOf } from './program.ts'

/** What a well-known server needs, written in `permissions/`; `<…>` stands for what its command says. */
export type Preset = {
  readonly package: string
  readonly about: string
  readonly permissions: JsonObject
}

export type Circumstances = {
  readonly command: readonly string[]
  readonly cwd: string
  readonly stateFolder: string | undefined
}

/** The preset of the package that a command starts, with its placeholders filled in; undefined for a stranger. */
export function presetFor(presets: readonly Preset[], about: Circumstances): Preset | undefined {
  const name = packageOf(about.command)
  const preset = presets.find(known => known.package === name)
  if (preset === undefined) return undefined
  if (about.stateFolder === undefined && JSON.stringify(preset.permissions).includes('<state>')) return undefined
  return { ...preset, permissions: fillObject(preset.permissions, valuesOf(about)) }
}

/** By runner (`npx name`), or by the path of an installed entry. */
function packageOf(command: readonly string[]): string | undefined {
  const wanted = wantedBy(command)
  if (wanted !== undefined) return wanted.name
  // The innermost one: a dependency of a known server is not that server.
  const inside = codeOf(command)
    ?.split(/(?:^|\/)node_modules\//u)
    .slice(1)
    .at(-1)
  return /^((?:@[^/]+\/)?[^/@.][^/]*)\//u.exec(inside ?? '')?.[1]
}

type Values = ReadonlyMap<string, readonly string[]>

function valuesOf({ command, cwd, stateFolder }: Circumstances): Values {
  const args = wantedBy(command)?.args ?? command.slice(command[0]?.endsWith('node') ? 2 : 1)
  const plain = args.filter(arg => !arg.startsWith('-'))
  const paths = plain.filter(arg => !arg.includes('://') && existsSync(isAbsolute(arg) ? arg : join(cwd, arg)))
  return new Map([
    ['<arguments>', paths],
    ['<hosts>', plain.flatMap(hostOf)],
    ['<state>', stateFolder === undefined ? [] : [stateFolder]],
    ['<browser>', [browsers.find(existsSync) ?? browsers[0]]],
  ])
}

// The browser itself, where distributions keep it. What they put on the PATH is a script that reads their settings first.
const browsers = [
  '/usr/lib/chromium/chromium',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/lib/chromium/chrome',
  '/usr/bin/chromium',
] as const

const ports: Readonly<Record<string, string>> = {
  postgres: '5432',
  postgresql: '5432',
  mysql: '3306',
  https: '443',
  http: '80',
}

function hostOf(arg: string): string[] {
  if (!URL.canParse(arg)) return []
  const { protocol, hostname, port } = new URL(arg)
  const known = port || ports[protocol.replace(/:$/u, '')]
  return hostname === '' || known === undefined ? [] : [`${hostname}:${known}`]
}

function fillObject(object: JsonObject, values: Values): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, fill(item ?? null, values)]))
}

function fill(value: Json, values: Values): Json {
  if (typeof value === 'string') return value.replaceAll(/<(?:state|browser)>/gu, name => values.get(name)?.[0] ?? '')
  if (isObject(value)) return fillObject(value, values)
  return isList(value) ? fillList(value, values) : value
}

function fillList(items: readonly Json[], values: Values): Json {
  const filled: Json[] = []
  for (const item of items) {
    const several = typeof item === 'string' ? values.get(item) : undefined
    if (several === undefined) filled.push(fill(item, values))
    else filled.push(...several)
  }
  return filled
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
