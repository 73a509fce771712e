import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { parse } from 'yaml'
import { configOf } from '../src/config/load.ts'
import { problemLine } from '../src/config/problem.ts'
import { guards } from '../src/guards/index.ts'
import { readPermission } from '../src/sandbox/permission.ts'

const root = dirname(import.meta.dirname)
const files = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })]

type Snippet = { readonly where: string; readonly text: string }

function snippets(kind: 'yaml' | 'json'): Snippet[] {
  return files.flatMap(file => {
    const all = readFileSync(join(root, file), 'utf8')
    return [...all.matchAll(/^```(\w+)\n(.*?)^```$/gmsu)].flatMap(({ 1: name, 2: text = '', index }) =>
      name === kind
        ? [{ where: `${file}:${all.slice(0, index).split('\n').length}`, text: text.replaceAll('…', '') }]
        : [],
    )
  })
}

/** A piece of a configuration as the whole file that a reader makes of it. */
function whole(text: string): string {
  if (/^\s*- \{? ?name:/u.test(text)) return `version: 1\npolicy:\n${text}`
  // A digest that is cut short in the docs stands for any.
  const exact = text.replaceAll(/(sha256: )[0-9a-f]{1,63}\b/giu, `$1${'a'.repeat(64)}`)
  return /^version:/mu.test(exact) ? exact : `version: 1\n${exact}`
}

async function wrongWith({ where, text }: Snippet): Promise<string[]> {
  if (/^(?:files|net|env):/u.test(text)) {
    const read = readPermission(parse(text), { cwd: '/work', home: '/home/me' })
    return read.ok ? [] : read.problems.map(problem => `${where}: ${problem.at}: ${problem.text}`)
  }
  const loaded = await configOf([{ path: '/home/me/sallyport.yaml', layer: 'user', text: whole(text) }], guards)
  if (loaded.ok) return []
  // Files that an example names lie with its reader.
  const own = loaded.problems.filter(problem => !problem.text.endsWith('does not exist'))
  return own.map(problem => `${where}: ${problemLine(problem)}`)
}

test('every piece of YAML in the docs is what it says: a configuration, rules or permissions that load', async () => {
  const all = snippets('yaml')
  assert.ok(all.length >= 7, 'the docs have examples')
  assert.deepEqual((await Promise.all(all.map(wrongWith))).flat(), [])
})

test('every piece of JSON in the docs can be read', () => {
  for (const { where, text } of snippets('json')) assert.doesNotThrow(() => JSON.parse(text), where)
})

test('a piece with a mistake is told with the place in the docs', async () => {
  const [told = ''] = await wrongWith({ where: 'docs/x.md:7', text: 'servers:\n  a: { comand: [x] }\n' })
  assert.match(told, /^docs\/x\.md:7: .*comand: unknown key; did you mean command\?/u)
})
