import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where other people's programs lie, pinned by a lockfile of their own. */
export const peersFolder = join(dirname(fileURLToPath(import.meta.url)), 'peers')
const installMs = 300_000

/** Installs the pinned peers once. Says why not, when they cannot be had. */
export function installPeers(): string | undefined {
  if (areThere()) return undefined
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', peersFolder]
  const done = spawnSync('npm', words, { encoding: 'utf8', timeout: installMs })
  return done.status === 0 ? undefined : `npm ci in bench/peers failed: ${String(done.stderr).slice(-300)}`
}

/** All of them: one that was pinned since the others were installed is missing. */
function areThere(): boolean {
  const { dependencies } = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8'))
  return Object.keys(dependencies).every(name => existsSync(join(peersFolder, 'node_modules', name, 'package.json')))
}
