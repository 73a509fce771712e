import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTree, type TreeLimits, treeLimits } from './file-tree.ts'

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
const pollMs = 500
const outputMax = 64 * 1024

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
  '--loglevel=error',
]

function runNpm(folder: string, options: FetchOptions): Promise<Fetched> {
  const extra = options.registry === undefined ? [] : [`--registry=${options.registry}`]
  const child = spawn(options.npm ?? 'npm', [...flags, ...extra], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: npmEnvironment(options.env ?? process.env),
    detached: true,
  })
  let said = ''
  let stopped: string | undefined
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-outputMax)
  })
  const stop = (why: string) => {
    stopped ??= why
    killGroup(child.pid)
  }
  const late = setTimeout(() => stop('the registry did not answer in time'), options.timeoutMs ?? timeoutMs)
  // A bomb is noticed while it unpacks, not after it has filled the disk.
  const watch = setInterval(() => {
    const why = tooLarge(folder, options.limits)
    if (why !== undefined) stop(why)
  }, pollMs)
  return new Promise(resolve => {
    const end = (result: Fetched) => {
      clearTimeout(late)
      clearInterval(watch)
      resolve(result)
    }
    child.on('error', error =>
      end({ ok: false, reason: `npm could not be started: ${error.message}`, wayOut: 'install npm' }),
    )
    child.on('close', code => {
      const why = stopped ?? (code === 0 ? tooLarge(folder, options.limits) : reasonOf(said))
      end(
        why === undefined ? { ok: true } : { ok: false, reason: why, wayOut: 'nothing was installed; see the reason' },
      )
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}

function tooLarge(folder: string, limits = treeLimits): string | undefined {
  try {
    const tree = readTree(folder, limits)
    return tree.ok || !tree.reason.startsWith('holds more') ? undefined : `the package ${tree.reason}`
  } catch {
    // Folders come and go while npm works; the next look sees the rest.
    return undefined
  }
}

function reasonOf(said: string): string {
  const code = /code (E[A-Z0-9]+)/u.exec(said)?.[1]
  const words: Readonly<Record<string, string>> = {
    EINTEGRITY: 'the archive is not the one whose hash the registry gave',
    E404: 'the registry has no such package',
    ETARGET: 'the registry has no such version',
    ENOVERSIONS: 'the registry lists no version of it',
  }
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
