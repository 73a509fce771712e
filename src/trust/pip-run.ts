import { execFile } from 'node:child_process'
import * as z from 'zod'
import { type RunEnd, runBounded } from './bounded-run.ts'
import type { TreeLimits } from './file-tree.ts'

/** An interpreter that servers are stored for, and how to run pip for it. */
export type Python = {
  /** Its real path, outside of any virtual environment. */
  readonly program: string
  /** `3.11`: compiled parts fit no other. */
  readonly version: string
  readonly pip: readonly string[]
}

const facts = z.object({ program: z.string(), own: z.string(), version: z.string(), hasPip: z.boolean() })
const question = `import importlib.util, json, os, sys
base = getattr(sys, '_base_executable', None) or sys.executable
print(json.dumps({'program': os.path.realpath(base), 'own': sys.executable,
  'version': '%d.%d' % sys.version_info[:2], 'hasPip': importlib.util.find_spec('pip') is not None}))`
const questionMs = 20_000

type Env = Readonly<Record<string, string | undefined>>

/** The Python of PATH with a pip that works for it: its own, or one that uv lends; undefined when there is none. */
export async function findPython(env: Env, program = 'python3'): Promise<Python | undefined> {
  const said = await answerOf(program, ['-E', '-c', question], env)
  const read = facts.safeParse(jsonOf(said))
  if (!read.success) return undefined
  const { version, own, hasPip } = read.data
  if (hasPip) return { program: read.data.program, version, pip: [own] }
  if ((await answerOf('uv', ['--version'], env)) === '') return undefined
  const lent = ['uv', 'run', '--no-project', '--no-build', '--quiet', '--with', 'pip', '--python', own, 'python']
  return { program: read.data.program, version, pip: lent }
}

function answerOf(program: string, args: readonly string[], env: Env): Promise<string> {
  const options = { env: pipEnvironment(env), timeout: questionMs, killSignal: 'SIGKILL', maxBuffer: 65_536 } as const
  return new Promise(resolve => {
    execFile(program, [...args], options, (cause, stdout) => resolve(cause === null ? stdout : ''))
  })
}

/**
 * pip builds what is no wheel by running the package's own code, also for dependencies named by address, where
 * --only-binary does not hold. A build needs a child process, so that none is allowed: not a list of ways to build, but the
 * one thing all of them need. The limits are for archives that unpack to more than there is.
 */
const guarded = `import os, sys
denied = ('subprocess.Popen', 'os.system', 'os.exec', 'os.fork', 'os.forkpty', 'os.posix_spawn', 'os.spawn', 'pty.spawn', 'os.startfile')
def refuse(event, args):
    if event in denied:
        raise PermissionError('needs-a-build')
sys.addaudithook(refuse)
try:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 28, 1 << 28))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32))
except Exception:
    pass
sys.path[:] = [each for each in sys.path if each not in ('', os.getcwd())]
sys.argv[0] = 'pip'
import runpy
runpy.run_module('pip', run_name='__main__', alter_sys=True)`

export type PipRun = {
  readonly python: Python
  readonly folder: string
  readonly env: Env
  readonly timeoutMs: number
  readonly limits?: TreeLimits | undefined
}

const quiet = ['--no-input', '--quiet', '--disable-pip-version-check', '--progress-bar=off', '--only-binary=:all:']

/** Runs one command of pip that can start no other program. */
export function runPip([verb = '', ...words]: readonly string[], run: PipRun): Promise<RunEnd> {
  const [program = '', ...before] = run.python.pip
  const args = [...before, '-E', '-c', guarded, verb, ...quiet, ...words]
  return runBounded({ program, args, ...run, env: pipEnvironment(run.env) })
}

const passed =
  /^(?:PATH|HOME|USERPROFILE|APPDATA|LOCALAPPDATA|SystemRoot|TMPDIR|TEMP|TMP|LANG|XDG_[A-Z_]+|(?:HTTPS?|ALL|NO)_PROXY|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|NETRC|PYENV_[A-Z_]+|PIP_[A-Z_]+|UV_[A-Z_]+)$/iu

/** What pip may see of our environment. An index that was named for uv is the one that pip asks as well. */
export function pipEnvironment(env: Env): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && passed.test(name) ? [[name, value]] : [])),
  )
  // Nothing is ever installed into this Python, so that its distribution has nothing to object to; pip 23.0 asks all the same.
  own['PIP_BREAK_SYSTEM_PACKAGES'] = '1'
  const index = own['PIP_INDEX_URL'] ?? own['UV_DEFAULT_INDEX'] ?? own['UV_INDEX_URL']
  return index === undefined ? own : { ...own, PIP_INDEX_URL: index.replace(/^[a-z0-9_-]+=(?=https?:)/iu, '') }
}

/** The reason in the words of pip's last complaint, without the credentials that an address can hold. */
export function pipReason(said: string): string {
  if (said.includes('needs-a-build')) return 'a package has to be built, and a build runs its code'
  if (/DO NOT MATCH THE HASHES/u.test(said)) return 'an archive is not the one whose hash the index gave'
  if (/No matching distribution|Could not find a version/u.test(said))
    return 'the index has no wheel that fits this Python (source archives are not taken: building one runs its code)'
  if (/ResolutionImpossible/u.test(said)) return 'the dependencies contradict each other'
  const line = said.split('\n').findLast(text => /^ERROR: /u.test(text)) ?? said.trim().split('\n').at(-1) ?? ''
  return `pip failed: ${line
    .replace(/^ERROR: /u, '')
    .replaceAll(/:\/\/[^/\s@]*@/gu, '://')
    .slice(0, 200)}`
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
