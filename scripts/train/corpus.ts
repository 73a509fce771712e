import { existsSync, globSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export type Doc = {
  readonly id: string
  readonly source: string
  readonly kind: 'response' | 'description'
  readonly label: 0 | 1
  readonly text: string
  readonly lang?: string
  /** Where the attack stands, if it is known. */
  readonly payload?: string
  /** Of a composed text: the families of its wording and, where it has one, of its order. */
  readonly families?: readonly string[]
}

/** Records of the collected sets, one JSON object a line; a set that only holds what people type to a model is left out. */
export function readSets(folder: string): Doc[] {
  const docs: Doc[] = []
  for (const name of globSync('*.jsonl.gz', { cwd: folder }).sort()) {
    const lines = gunzipSync(readFileSync(`${folder}/${name}`))
      .toString('utf8')
      .trim()
      .split('\n')
    for (const line of lines) {
      const { id, set, kind, label, text, lang, payload } = JSON.parse(line)
      if (kind === 'direct') continue
      docs.push({
        id,
        source: set,
        kind,
        label,
        text,
        ...(lang && { lang }),
        ...(typeof payload === 'string' && { payload }),
      })
      // Each of these attacks follows the same kind of harmless answer, which must not become a sign of attack.
      if (set === 'asb')
        docs.push({ id, source: 'asb_answer', kind, label: 0, text: text.slice(0, text.search(/[.!?]\s/u) + 1) })
    }
  }
  return docs
}

const perSource = 1500
const unitsMax = 12_000

const descriptionField = /^\s*"(?:name|description)": "((?:[^"\\\\]|\\\\.)*)"/gmu

/** What packages say they do is the nearest to what tools say they do, in any number. */
function packageDescriptions(): Doc[] {
  return globSync('node_modules/**/package.json')
    .sort()
    .slice(0, perSource)
    .flatMap(path => {
      const [name, about] = [...(readHead(path)[0] ?? '').matchAll(descriptionField)].map(found => found[1] ?? '')
      if (name === undefined || about === undefined || /inject|guard|jailbreak|prompt/iu.test(about)) return []
      return [{ id: path, source: 'packages', kind: 'description', label: 0, text: `${name}: ${about}` } as const]
    })
}

/** Harmless text that lies on this machine: what packages say of themselves, documentation, data. */
export function readLocal(): Doc[] {
  const from = (source: string, pattern: string): Doc[] =>
    globSync(pattern)
      .filter(path => !/inject|guard|jailbreak|prompt|security/iu.test(path))
      .sort()
      .slice(0, perSource)
      .flatMap(path =>
        readHead(path).map((text, i) => ({ id: `${path}#${i}`, source, kind: 'response', label: 0, text }) as const),
      )
  return [
    ...packageDescriptions(),
    ...from('readme', 'node_modules/**/{README,CHANGELOG,readme}*.md'),
    ...from('packagejson', 'node_modules/*/package.json'),
    ...from('sourcecode', 'node_modules/{zod,undici,yaml,commander,ajv,acorn,tar,semver}/**/*.{js,ts}'),
    ...(existsSync('/usr/share/doc') ? from('debdoc', '/usr/share/doc/*/{*.txt,*.md,copyright,README*}') : []),
  ]
}

function readHead(path: string): string[] {
  try {
    const text = readFileSync(path, 'utf8')
    return text.length < 40 ? [] : [text.slice(0, unitsMax)]
  } catch {
    return []
  }
}

/** The share of a document's id that decides where it belongs: the same document is always on the same side. */
export function shareOf(id: string): number {
  let sum = 0
  for (const unit of id) sum += unit.codePointAt(0) ?? 0
  return Number((BigInt(sum) * 2654435761n) % 100n)
}
