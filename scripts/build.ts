/**
 * Makes dist/: the sources bundled for Node, and the types of what is exported. Libraries that a start needs are bundled
 * too: `zod` and `yaml` alone are 170 files, which takes longer to find and read than all that a start does. The others
 * stay outside, where they are loaded when they are first needed.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { signsTable } from '../src/text/claim-needs.ts'
import { wordsTable } from '../src/text/match.ts'
import { secretsTable } from '../src/text/secret-scan.ts'
import { shapesTable } from '../src/text/secret-shape.ts'
import { bytesOfTable } from '../src/text/stored-table.ts'
import { apart, late, lateName } from './late.ts'
import { oneByte } from './one-byte.ts'

const bundled = ['zod', 'yaml', 'semver', 'commander']
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }
const outside = Object.keys(dependencies).filter(name => !bundled.includes(name))

rmSync('dist', { recursive: true, force: true })

// Each table is marked by what is in it, and the bundle takes no other.
const tables = [wordsTable, signsTable, secretsTable, shapesTable].map(({ name, make }) => {
  const parts = make()
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return { name, parts, mark: hash.digest('hex').slice(0, 16) }
})

const common: BuildOptions = {
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  sourcemap: false,
  // V8 keeps the text of each file; what would print a line of it prints a short one.
  minifyWhitespace: true,
  lineLimit: 120,
  metafile: true,
  define: { storedTables: JSON.stringify(tables.map(({ name, mark }) => `${name}:${mark}`).join(' ')) },
  logLevel: 'warning',
}

const split = await build({
  ...common,
  entryPoints: {
    sallyport: 'src/cli/main.ts',
    api: 'src/api.ts',
    guards: 'src/guards/index.ts',
    // Started by name, as a thread or as a process of its own.
    'heavy-thread': 'src/gateway/heavy-thread.ts',
    'onnx-thread': 'src/gateway/onnx-thread.ts',
    'doctor-server': 'src/cli/doctor-server.ts',
    porter: 'src/egress/porter.ts',
    binder: 'src/egress/binder.ts',
  },
  splitting: true,
  external: outside.flatMap(name => [name, `${name}/*`]),
  // What was written as CommonJS asks for parts of Node by `require`.
  banner: { js: "import { createRequire as outside } from 'node:module';const require = outside(import.meta.url);" },
  plugins: [apart(/\/(exec|serve)\.ts$/)],
})

// What clients start most is one file, of which each part runs when it is first asked for: a file by itself costs half a
// millisecond to find and join, whatever is in it.
const whole = await build({
  ...common,
  entryPoints: { exec: 'src/cli/exec.ts', serve: 'src/cli/serve.ts' },
  banner: {
    js: `import { createRequire } from 'node:module';const require = createRequire(import.meta.url), ${lateName} = require;`,
  },
  plugins: [late(outside)],
})

for (const path of globSync('dist/*.js')) writeFileSync(path, oneByte(readFileSync(path, 'utf8')))
for (const { name, parts, mark } of tables) writeFileSync(`dist/${name}.table`, bytesOfTable(mark, parts))

// Data that sources read from beside them lies beside the bundle.
for (const file of globSync('src/**/*.{bin,json,tsv}'))
  if (!file.includes('.cases.')) cpSync(file, join('dist', relative('src', file).split('/').at(-1) ?? ''))

// Each licence asks for its text to travel with the code.
const metafiles = [split, whole].flatMap(({ metafile }) => (metafile === undefined ? [] : [metafile]))
const inside = metafiles
  .flatMap(({ inputs }) => Object.keys(inputs))
  .flatMap(path => /node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(path)?.[1] ?? [])
const notices = [...new Set(inside)].sort().map(name => {
  const [file] = globSync(`node_modules/${name}/{LICENSE,LICENCE,license}*`)
  if (file === undefined) throw new Error(`${name} is bundled and has no licence text`)
  return `${name}\n\n${readFileSync(file, 'utf8').trim()}\n`
})
writeFileSync(
  'dist/THIRD-PARTY.txt',
  `Parts of these packages are in the files beside this one.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`,
)

const types = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (types.status !== 0) process.exit(1)
const outputs = metafiles.flatMap(metafile => Object.values(metafile.outputs))
const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0)
process.stdout.write(`dist: ${Math.round(bytes / 1024)} KiB in ${outputs.length} files\n`)
if (!existsSync(join(dirname('dist'), 'dist/types/api.d.ts'))) process.exit(1)
