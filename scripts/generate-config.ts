import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { configSchema } from '../src/config/schema.ts'
import { guards } from '../src/guards/index.ts'

/** The JSON schema of sallyport.yaml, for editors and for whoever writes one by program. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema(guards), { unrepresentable: 'any' })
  const about = { title: 'sallyport.yaml', description: 'Configuration of Sallyport, the security gateway for MCP' }
  return `${JSON.stringify({ ...schema, ...about }, null, 2)}\n`
}

const begin = '<!-- settings: made by scripts/generate.ts -->'
const end = '<!-- end of settings -->'

/** docs/config.md with its tables renewed; the words around them are written by hand. */
export function configDocs(root: string): string {
  const text = readFileSync(join(root, 'docs', 'config.md'), 'utf8')
  const [before, rest = ''] = text.split(begin)
  const after = rest.split(end)[1] ?? ''
  return `${before}${begin}\n\n${tables()}\n${end}${after}`
}

type Schema = z.core.JSONSchema.JSONSchema

/** Sections whose keys have a page of their own. */
const elsewhere: Readonly<Record<string, string>> = {
  guards: 'Options of each guard: [guards.md](guards.md).',
  policy: 'The language of rules: [policy.md](policy.md).',
}

function tables(): string {
  const { properties = {} } = z.toJSONSchema(configSchema(guards), { unrepresentable: 'any' })
  const top = Object.entries(properties)
  const isLeaf = ([, one]: [string, unknown]): boolean => rowsOf('', one).length === 0
  const leaves = top.filter(isLeaf).map(([name, one]) => row(name, schemaOf(one)))
  const sections = top
    .filter(one => !isLeaf(one) || elsewhere[one[0]])
    .map(([name, one]) => section(name, schemaOf(one)))
  return [`### Top level\n\n${table(leaves)}`, ...sections].join('\n')
}

function section(name: string, schema: Schema): string {
  const words = `### ${name}\n\n${schema.description ?? ''}.`
  const other = elsewhere[name]
  return other === undefined ? `${words}\n\n${table(rowsOf(name, schema))}` : `${words} ${other}\n`
}

function table(rows: readonly string[]): string {
  return ['| Setting | Means | Default |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

function rowsOf(prefix: string, value: unknown): string[] {
  const { properties = {}, additionalProperties } = schemaOf(value)
  const named = Object.entries(properties).flatMap(([name, one]) => rowOrRows(`${prefix}.${name}`, one))
  const each = schemaOf(additionalProperties)
  return Object.keys(each.properties ?? {}).length > 0 ? [...named, ...rowsOf(`${prefix}.<name>`, each)] : named
}

function rowOrRows(name: string, value: unknown): string[] {
  const rows = rowsOf(name, value)
  return rows.length > 0 ? rows : [row(name, schemaOf(value))]
}

function row(name: string, schema: Schema): string {
  const { description = '', default: value } = schema
  const shown = value === undefined ? '' : `\`${JSON.stringify(value)}\``
  return `| \`${name}\` | ${`${description}${rangeOf(schema)}`.replaceAll('|', '\\|')} | ${shown} |`
}

function rangeOf({ enum: choices, minimum, maximum }: Schema): string {
  if (choices !== undefined) return ` (${choices.map(String).join(', ')})`
  return minimum === undefined || maximum === undefined ? '' : ` (${minimum} to ${maximum})`
}

function schemaOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
