/** Makes dist/: the sources bundled for Node, dependencies left outside, and the types of what is exported. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'

rmSync('dist', { recursive: true, force: true })

const result = await build({
  entryPoints: {
    sallyport: 'src/cli/main.ts',
    api: 'src/api.ts',
    guards: 'src/guards/index.ts',
    // Started by name, as a thread or as a process of its own.
    'heavy-thread': 'src/gateway/heavy-thread.ts',
    'doctor-server': 'src/cli/doctor-server.ts',
    porter: 'src/egress/porter.ts',
    binder: 'src/egress/binder.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  packages: 'external',
  sourcemap: false,
  metafile: true,
  logLevel: 'warning',
})

// Data that sources read from beside them lies beside the bundle.
for (const file of globSync('src/**/*.{bin,json,tsv}'))
  if (!file.includes('.cases.')) cpSync(file, join('dist', relative('src', file).split('/').at(-1) ?? ''))

const types = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (types.status !== 0) process.exit(1)
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
process.stdout.write(`dist: ${Math.round(bytes / 1024)} KiB in ${Object.keys(result.metafile.outputs).length} files\n`)
if (!existsSync(join(dirname('dist'), 'dist/types/api.d.ts'))) process.exit(1)
