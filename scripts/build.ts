/** What is published: one ESM bundle with code shared between its entries, dependencies left outside, types beside it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

/** Output name → source. Everything lies flat in dist/, because programs find their threads beside themselves. */
const entries: Readonly<Record<string, string>> = {
  sallyport: 'src/cli/main.ts',
  api: 'src/api.ts',
  guards: 'src/guards/index.ts',
  'heavy-thread': 'src/gateway/heavy-thread.ts',
}
const typed = ['src/api.ts', 'src/guards/index.ts']
const hashbang = '#!/usr/bin/env node\n'

const missing = Object.values(entries).filter(path => !existsSync(path))
if (missing.length > 0)
  fail(`nothing to build from: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not there`)

rmSync('dist', { recursive: true, force: true })
const { metafile } = await build({
  entryPoints: { ...entries },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  packages: 'external',
  chunkNames: 'chunk-[hash]',
  legalComments: 'none',
  // Names stay: they stand in the stack traces that people send us.
  keepNames: true,
  minifySyntax: true,
  metafile: true,
})
makeExecutable('dist/sallyport.js')
declareTypes()
checkPromises()
const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
process.stderr.write(`dist: ${Object.keys(metafile.outputs).length} files, ${(bytes / 1024).toFixed(0)} KiB of code\n`)

function makeExecutable(path: string): void {
  const code = readFileSync(path, 'utf8')
  if (!code.startsWith('#!')) writeFileSync(path, hashbang + code)
  chmodSync(path, 0o755)
}

function declareTypes(): void {
  const config = {
    extends: '../tsconfig.json',
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      incremental: false,
      tsBuildInfoFile: null,
      rootDir: '../src',
      outDir: '../dist/types',
      stripInternal: true,
    },
    files: typed.map(path => `../${path}`),
    include: [],
  }
  writeFileSync('.cache/tsconfig.types.json', JSON.stringify(config))
  const { status } = spawnSync('tsc', ['-p', '.cache/tsconfig.types.json'], { stdio: 'inherit' })
  if (status !== 0) fail('tsc could not declare the types')
}

/** Everything that package.json says is in the package must be there. */
function checkPromises(): void {
  const { bin, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as Promises
  const paths = [
    ...Object.values(bin),
    ...Object.values(exports).flatMap(at => (typeof at === 'string' ? [at] : Object.values(at))),
  ]
  const absent = paths.filter(path => !existsSync(path) || statSync(path).size === 0)
  if (absent.length > 0) fail(`package.json promises what the build did not make: ${absent.join(', ')}`)
}

type Promises = { bin: Record<string, string>; exports: Record<string, string | Record<string, string>> }

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}
