import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runBounded } from './bounded-run.ts'
import type { TreeLimits } from './file-tree.ts'

export type Fetched = { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly wayOut: string }

export type FetchOptions = {
  /** npm's program; found in PATH when it is left out. */
  readonly npm?: string
  /** Only for a registry other than the one the user configured. */
  readonly registry?: string
  readonly timeoutMs?: number
  readonly limits?: TreeLimits
  readonly env?: Readonly<Record<string, string | undefined>>
}

/** Puts one package and its dependencies into `folder/node_modules`, exactly once, running nothing of theirs. */
export type FetchPackage = (wanted: { name: string; spec: string }, folder: string) => Promise<Fetched>

const timeoutMs = 180_000

/** A fetcher that lets npm do it: the user's registry, credentials and proxies are npm's business, not ours. */
export function newNpmFetch(options: FetchOptions = {}): FetchPackage {
  return async ({ name, spec }, folder) => {
    if (!isPackageName(name))
      return { ok: false, reason: `${JSON.stringify(name)} is no package name`, wayOut: 'correct it' }
    if (!isSpec(spec))
      return {
        ok: false,
        reason: `${JSON.stringify(spec)} is no version, range or tag`,
        wayOut: 'name a version of the registry',
      }
    // An own package.json, so that npm does not look for one in the folders above.
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { [name]: spec } }))
    return runNpm(folder, options)
  }
}

/** Names as npm allows them: no path can be hidden in one. */
export function isPackageName(name: string): boolean {
  return name.length <= 214 && /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/u.test(name)
}

/** A version, a range or a tag; never a URL, a path or another package under this one's name. */
export function isSpec(spec: string): boolean {
  return spec.length <= 100 && /^[a-zA-Z0-9^~<>=|*.+ -]+$/u.test(spec)
}

const flags = [
  'install',
  '--ignore-scripts',
  '--no-bin-links',
  '--omit=dev',
  '--no-audit',
  '--no-fund',
  '--no-progress',
  '--no-update-notifier',
  '--package-lock=true',
  '--workspaces=false',
  '--install-links=true',
  '--omit-lockfile-registry-resolved=false',
  '--loglevel=error',
  // Only what the registry has. git above all: a package of a repository brings settings of npm, and these name programs,
  // which npm runs although scripts are off.
  ...['git', 'remote', 'file', 'directory'].map(kind => `--allow-${kind}=none`),
]

/** For npm that does not know these words yet, and for one that it starts in a repository: these count more than its file. */
const held: Readonly<Record<string, string>> = {
  npm_config_git: '/nonexistent/git',
  npm_config_ignore_scripts: 'true',
  npm_config_allow_git: 'none',
}

async function runNpm(folder: string, options: FetchOptions): Promise<Fetched> {
  const extra = options.registry === undefined ? [] : [`--registry=${options.registry}`]
  const end = await runBounded({
    ...{ program: options.npm ?? 'npm', args: [...flags, ...extra], folder, limits: options.limits },
    ...{
      env: { ...unheld(npmEnvironment(options.env ?? process.env)), ...held },
      timeoutMs: options.timeoutMs ?? timeoutMs,
    },
  })
  if (end.kind === 'not started')
    return { ok: false, reason: `npm could not be started: ${end.why}`, wayOut: 'install npm' }
  if (end.kind === 'ended' && end.code === 0) return { ok: true }
  const reason = end.kind === 'stopped' ? end.why : reasonOf(end.said)
  return { ok: false, reason, wayOut: 'Nothing was installed' }
}

/** Settings are known in every case of letters, so that ours could stand beside another one. */
function unheld(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => held[name.toLowerCase()] === undefined))
}

function reasonOf(said: string): string {
  const code = /code (E[A-Z0-9]+)/u.exec(said)?.[1]
  const words: Readonly<Record<string, string>> = {
    EINTEGRITY: 'the archive is not the one whose hash the registry gave',
    E404: 'the registry has no such package',
    ETARGET: 'the registry has no such version',
    ENOVERSIONS: 'the registry lists no version of it',
  }
  if (code?.startsWith('EALLOW') === true)
    return 'a package would come from an address, a folder or a repository of its own, not from the registry'
  const line = said.split('\n').find(text => /npm error (?!code)/u.test(text)) ?? ''
  return words[code ?? ''] ?? `npm failed (${code ?? 'no code'}): ${line.replace('npm error ', '').slice(0, 200)}`
}

const passed =
  /^(?:PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SystemRoot|TMPDIR|TEMP|TMP|LANG|XDG_[A-Z_]+|(?:HTTPS?|NO)_PROXY|NODE_EXTRA_CA_CERTS|NPM_CONFIG_[A-Z_]+|NPM_TOKEN)$/iu

/** What npm may see of our environment: its own settings, the way to the network, and no other credentials. */
export function npmEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && passed.test(name) ? [[name, value]] : [])),
  )
}
