import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { parse } from 'yaml'
import * as z from 'zod'

const names = ['watch', 'careful', 'strict']

/** The presets as a module, so that a start without configuration reads no file and loads no YAML. */
export function presetsModule(root: string): string {
  const entries = names.map(name => {
    const text = readFileSync(join(root, 'presets', `${name}.yaml`), 'utf8')
    return `  ${name}: ${written(parse(text))},`
  })
  return [
    '// Made from presets/*.yaml by scripts/generate.ts; change those.',
    "import type { PolicyText } from './rule.ts'",
    '',
    "export const presets: Readonly<Record<'watch' | 'careful' | 'strict', PolicyText>> = {",
    ...entries,
    '}',
    '',
  ].join('\n')
}

const knownServer = z.strictObject({
  package: z.string().max(214),
  about: z.string().max(500),
  permissions: z.record(z.string(), z.json()),
})

/** What well-known servers need, as a module. A file with a mistake stops the generator. */
export function knownServersModule(root: string): string {
  const folder = join(root, 'permissions')
  const names = readdirSync(folder).filter(name => name.endsWith('.yaml'))
  const presets = names.sort().map(name => knownServer.parse(parse(readFileSync(join(folder, name), 'utf8'))))
  return [
    '// Made from permissions/*.yaml by scripts/generate.ts; change those.',
    "import type { Preset } from './preset.ts'",
    '',
    '/** What well-known servers need. */',
    'export const knownServers: readonly Preset[] = [',
    ...presets.map(preset => `  ${written(preset)},`),
    ']',
    '',
  ].join('\n')
}

function written(value: unknown): string {
  const options = { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null, breakLength: 110 }
  return inspect(value, options).replaceAll('\n', '\n  ')
}
