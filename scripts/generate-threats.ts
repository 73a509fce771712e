import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { guards } from '../src/guards/index.ts'
import { requirements } from '../test/guide/requirements.ts'

type Proof = { readonly file: string; readonly title: string }

/** THREATS.md: what is asked for, which guards answer it, and which tests show that it holds. */
export function threatsPage(root: string): string {
  const proofs = proofsIn(root)
  const open = requirements.filter(({ id }) => !proofs.has(id))
  const sections = Map.groupBy(requirements, ({ section }) => section)
  return [
    '# Threats',
    '',
    'Made by `npm run generate` from the list of requirements, the guards and the tests; change those.',
    '',
    `${requirements.length - open.length} of ${requirements.length} requirements are shown by a test, ${open.length} are open.`,
    'A requirement is open until a test shows it, whatever the code does.',
    '',
    ...[...sections].flatMap(([name, list]) => [`## ${name}`, '', ...list.flatMap(one => lines(one, proofs)), '']),
    '## Open',
    '',
    ...open.map(({ id, holds }) => `- **${id}** ${holds}`),
    '',
  ].join('\n')
}

type Requirement = (typeof requirements)[number]

function lines({ id, holds }: Requirement, proofs: ReadonlyMap<string, readonly Proof[]>): string[] {
  const answering = guards.filter(({ threats }) => threats.includes(id)).map(guard => `\`${guard.id}\``)
  const shown = (proofs.get(id) ?? []).map(({ file, title }) => `  - “${title}” ([${file}](${file}))`)
  const by = answering.length > 0 ? ` Guards: ${answering.join(', ')}.` : ''
  return [`- **${id}** ${holds}.${by}${shown.length > 0 ? '' : ' *Open.*'}`, ...shown]
}

const claim =
  /\btest\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)\s*,\s*(?:\{[^}]{0,80})?proves\(([^)]*)\)/gu

/** Every claim that stands in a test, by the id it is about. */
export function proofsIn(root: string): ReadonlyMap<string, readonly Proof[]> {
  const proofs = new Map<string, Proof[]>()
  for (const file of globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: root }).sort())
    for (const [, single, double, template, ids = ''] of readFileSync(join(root, file), 'utf8').matchAll(claim))
      for (const [, id = ''] of ids.matchAll(/'([^']+)'/gu))
        proofs.set(id, [...(proofs.get(id) ?? []), { file, title: plain(single ?? double ?? template ?? '') }])
  return proofs
}

function plain(title: string): string {
  return title.replaceAll(/\\(.)/gu, '$1').replaceAll(/\$\{[^}]*\}/gu, '…')
}
