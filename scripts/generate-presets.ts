import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { parse } from 'yaml'

const names = ['watch', 'careful', 'strict']

/** The presets as a module, so that a start without configuration reads no file and loads no YAML. */
export function presetsModule(root: string): string {
  const entries = names.map(name => {
    const text = readFileSync(join(root, 'presets', `${name}.yaml`), 'utf8')
    const options = { depth: Number.POSITIVE_INFINITY, maxArrayLength: null, maxStringLength: null, breakLength: 110 }
    return `  ${name}: ${inspect(parse(text), options).replaceAll('\n', '\n  ')},`
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
