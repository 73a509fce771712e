import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runtimePackages } from '../../src/gateway/onnx-runtime.ts'

/** Where what runs a model lies for the tests, pinned by a lockfile of its own: 149 MB that nothing else needs. */
export const runtimeFolder = join(dirname(fileURLToPath(import.meta.url)), 'runtime')
/** The file beside whose packages it is found. */
export const runtimeBeside = join(runtimeFolder, 'package.json')
const installMs = 300_000

/** Installs it once. Says why not, when it cannot be had. */
export function installRuntime(): string | undefined {
  const packages = Object.keys(runtimePackages).map(name => join(runtimeFolder, 'node_modules', name, 'package.json'))
  if (packages.every(path => existsSync(path))) return undefined
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', runtimeFolder]
  const done = spawnSync('npm', words, { encoding: 'utf8', timeout: installMs })
  return done.status === 0 ? undefined : `npm ci in test/onnx/runtime failed: ${String(done.stderr).slice(-300)}`
}
