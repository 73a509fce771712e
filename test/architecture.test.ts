import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import test from 'node:test'
import { type Node, parseSync, visitorKeys } from 'oxc-parser'

// Who may know whom. A folder that is not named here may be known by nobody.
const may: Readonly<Record<string, readonly string[]>> = {
  core: [],
  text: ['core'],
  wire: ['core', 'text'],
  guards: ['core', 'text'],
  config: ['core', 'guards', 'policy'],
  policy: ['core'],
  approval: ['core', 'store'],
  // What is a credential is said once: the record hides what the guards find.
  audit: ['core', 'text', 'store'],
  sandbox: ['core', 'store'],
  egress: ['core', 'store'],
  trust: ['core', 'store'],
  store: ['core'],
  scan: ['core', 'text', 'guards', 'trust'],
  kit: ['core', 'text', 'guards', 'trust'],
  gateway: [
    'core',
    'text',
    'wire',
    'guards',
    'config',
    'policy',
    'approval',
    'audit',
    'sandbox',
    'egress',
    'trust',
    'store',
  ],
  cli: [
    'core',
    'gateway',
    'scan',
    'audit',
    'config',
    'policy',
    'guards',
    'trust',
    'sandbox',
    'egress',
    'store',
    'text',
  ],
}

const lines = { file: 300, guard: 120, function: 60 }
const widths = { parameters: 3, exports: 7 }
/** `value as SessionId`: giving a string the brand that was just proved is what brands are for. */
const brand = /^(Tenant|Principal|ServerName|SessionId|Redacted|RealPath|[A-Z]\w*(Id|Name|Path|Hash|Digest))$/u
const vague = /^(utils?|helpers?|common|manager|base|misc|shared|lib)\.ts$/u

const sources = globSync('src/**/*.ts').filter(path => !path.endsWith('.generated.ts'))
const written = sources.filter(path => !path.endsWith('.test.ts'))
const trees = new Map(sources.map(path => [path, parse(path)]))

test('folders import only what the map allows', () => {
  const wrong: string[] = []
  for (const path of sources) {
    const here = folderOf(path)
    for (const target of importsOf(path)) {
      const reached = normalize(join(dirname(path), target))
      if (path.endsWith('.test.ts') && reached.startsWith('test/')) continue
      const there = folderOf(reached)
      if (there !== here && here !== 'src' && !may[here]?.includes(there)) wrong.push(`${path} → ${there}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('no file is longer than a reader can hold', () => {
  const long = written.filter(path => lineCount(path) > (isGuard(path) ? lines.guard : lines.file))
  assert.deepEqual(
    long.map(path => `${path}: ${lineCount(path)}`),
    [],
  )
})

test('no function is longer than a screen, none takes more than three parameters', () => {
  const wrong: string[] = []
  for (const path of written)
    visit(trees.get(path)!, node => {
      if (!isFunction(node)) return
      const [first, last] = [lineAt(path, node.start), lineAt(path, node.end)]
      if (last - first + 1 > lines.function) wrong.push(`${path}:${first} has ${last - first + 1} lines`)
      if (node.params.length > widths.parameters) wrong.push(`${path}:${first} takes ${node.params.length}`)
    })
  assert.deepEqual(wrong, [])
})

test('a file exports at most seven names, none by default and none wholesale', () => {
  const wrong: string[] = []
  for (const path of written) {
    const text = readFileSync(path, 'utf8')
    const names = text.match(/^export (async )?(const|function\*?|class) \w+/gmu) ?? []
    if (names.length > widths.exports) wrong.push(`${path} exports ${names.length} values`)
    if (/^export default|^export \*/mu.test(text)) wrong.push(`${path} exports by default or wholesale`)
  }
  assert.deepEqual(wrong, [])
})

test('files are named for the thing inside', () => {
  const wrong = sources.filter(path => {
    const name = basename(path)
    const isRegistry = path === 'src/guards/index.ts'
    return vague.test(name) || (name === 'index.ts' && !isRegistry) || !/^[a-z0-9.-]+$/u.test(name)
  })
  assert.deepEqual(wrong, [])
})

test('every source file that does something has its test beside it', () => {
  const alone = written.filter(path => !sources.includes(path.replace(/\.ts$/u, '.test.ts')) && !isOnlyTypes(path))
  assert.deepEqual(alone, [])
})

test('sources do without `using`, which the oldest Node that they run on from here cannot read', () => {
  assert.deepEqual(
    written.filter(path => /^\s*(?:await )?using \w/mu.test(readFileSync(path, 'utf8'))),
    [],
  )
})

test('properties take their seed where all do, so that a check says the same of a commit everywhere', () => {
  const tests = globSync('{src,test,scripts}/**/*.ts').filter(path => path !== 'test/property.ts')
  const wrong = tests.filter(path => /^import .* from 'fast-check'/mu.test(readFileSync(path, 'utf8')))
  assert.deepEqual(wrong, [])
})

test('casts stand only where the wire, the registry or a test meets untyped data', () => {
  const allowed = /^src\/(wire|core\/(guard|pipeline|option)|guards\/index)/u
  const wrong: string[] = []
  for (const path of written)
    visit(trees.get(path)!, node => {
      if (node.type !== 'TSAsExpression' || allowed.test(path)) return
      const { start, end } = node.typeAnnotation
      const type = readFileSync(path, 'utf8').slice(start, end)
      if (type !== 'const' && !brand.test(type)) wrong.push(`${path}:${lineAt(path, node.start)}`)
    })
  assert.deepEqual(wrong, [])
})

// `import { z }` names an object of everything that the library has, locales included: 600 KB in every start.
test('the schema library is imported so that a bundle can leave out what is not used', () => {
  const wrong = written.filter(path => /import \{[^}]*\} from 'zod'|import z\b/u.test(readFileSync(path, 'utf8')))
  assert.deepEqual(wrong, [])
})

function isGuard(path: string): boolean {
  return path.startsWith('src/guards/') && path !== 'src/guards/index.ts'
}

function isOnlyTypes(path: string): boolean {
  let isCode = false
  visit(trees.get(path)!, node => {
    isCode ||= isFunction(node) || node.type === 'ClassDeclaration'
  })
  return !isCode
}

function lineCount(path: string): number {
  return readFileSync(path, 'utf8').trimEnd().split('\n').length
}

function folderOf(path: string): string {
  const [, folder, file] = path.split('/')
  return file === undefined ? 'src' : (folder ?? 'src')
}

function importsOf(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/gu)].map(([, target]) => target!)
}

function parse(path: string): Node {
  const { program, errors } = parseSync(path, readFileSync(path, 'utf8'))
  assert.deepEqual(errors, [], path)
  return program
}

function lineAt(path: string, place: number): number {
  return readFileSync(path, 'utf8').slice(0, place).split('\n').length
}

type Callable = Extract<Node, { params: unknown[]; body: unknown }>

function isFunction(node: Node): node is Callable {
  return 'params' in node && Array.isArray(node.params) && 'body' in node && node.body !== null
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node)
  for (const key of visitorKeys[node.type] ?? []) {
    const children: unknown = Reflect.get(node, key)
    for (const child of Array.isArray(children) ? children : [children]) if (isNode(child)) visit(child, see)
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}
