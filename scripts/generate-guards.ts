import type { Option } from '../src/core/option.ts'
import { guards } from '../src/guards/index.ts'

/** `docs/guards.md`: one row per guard, and the options of each. */
export function guardsPage(): string {
  const rows = guards.map(
    ({ id, title, threats, reads }) => `| [\`${id}\`](#${id}) | ${title} | ${threats.join(', ')} | ${readsOf(reads)} |`,
  )
  const head = ['# Guards', '', 'Generated from the registry by `npm run generate`. A guard finds; policy decides.', '']
  const table = ['| Guard | Finds | Answers | Reads |', '| --- | --- | --- | --- |', ...rows]
  return [...head, ...table, ...guards.flatMap(guard => chapter(guard.id, guard.options)), ''].join('\n')
}

function readsOf(reads: readonly string[]): string {
  return reads.length > 12 ? 'everything' : reads.join(', ')
}

function chapter(id: string, options: Readonly<Record<string, Option>>): string[] {
  const rows = optionRows('', options)
  if (rows.length === 0) return ['', `## ${id}`, '', 'Has no options.']
  return ['', `## ${id}`, '', '| Option | Means | Default |', '| --- | --- | --- |', ...rows]
}

function optionRows(path: string, options: Readonly<Record<string, Option>>): string[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const here = `${path}${name}`
    switch (option.kind) {
      case 'group':
        return [row(here, option.about, ''), ...optionRows(`${here}.`, option.each)]
      case 'map':
        return [row(here, option.about, 'none'), ...optionRows(`${here}.<name>.`, option.each)]
      default:
        return [row(here, option.about, `\`${JSON.stringify(option.default)}\``)]
    }
  })
}

function row(name: string, about: string, initially: string): string {
  return `| \`${name}\` | ${about.replaceAll('|', '\\|')} | ${initially} |`
}
