import { readdirSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { dangerOfPath, isInside } from './danger.ts'
import { type RealPath, realPathOf } from './real-path.ts'

/** Enough for any JVM's settings (Debian's 17 has 20); a folder full of links must not become a thousand mounts. */
const linksMax = 128
const classPathMax = 64
const pathFlags = new Set(['-cp', '-classpath', '--class-path', '-p', '--module-path', '-jar'])
const flagsWithValue = new Set(['--add-modules', '--add-opens', '--add-exports', '--add-reads', '--limit-modules'])

/**
 * What a JVM reads before the first line of a server runs: its own folder, the settings that distributions keep apart from
 * it (Debian's `conf/security/java.security` is a link to /etc, and without it no JVM starts), and the class path it is given.
 */
export function javaNeeds(program: RealPath, args: readonly string[], at: { cwd: string; home: string }): RealPath[] {
  if (basename(program) !== 'java') return []
  const home = dirname(dirname(program))
  const own = program.startsWith('/usr/') ? [] : [home]
  const given = classPathOf(args).map(path => (isAbsolute(path) ? path : join(at.cwd, path)))
  const real = [...own, ...given].flatMap(path => realPathOf(path) ?? [])
  // A class path of `.` or of a home folder is a way to write it, not a reason to show all of that: it has to be declared.
  return [...real.filter(path => dangerOfPath(path, 'read', at.home) === undefined), ...settingsOf(home)]
}

/** Where the links in `conf` and `lib` lead to, if out of the JVM; who may look into a running one is not its business. */
function settingsOf(home: string): RealPath[] {
  const links = ['conf', 'lib'].flatMap(folder => linksIn(join(home, folder)))
  const real = links.slice(0, linksMax).flatMap(link => realPathOf(link) ?? [])
  return real.filter(
    path => !isInside(path, home) && !path.includes('/management/') && dangerOfPath(path, 'read', '') === undefined,
  )
}

function linksIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter(entry => entry.isSymbolicLink()).map(entry => join(entry.parentPath, entry.name))
  } catch {
    return []
  }
}

/** Files and folders that the JVM's own options name; what follows the class or the jar belongs to the server. */
function classPathOf(args: readonly string[]): string[] {
  const paths: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    const [flag = '', ...joined] = arg.split('=')
    if (pathFlags.has(arg)) paths.push(args[++i] ?? '')
    else if (pathFlags.has(flag)) paths.push(joined.join('='))
    else if (flagsWithValue.has(arg)) i++
    if (arg === '-jar' || !arg.startsWith('-')) break
  }
  const entries = paths.flatMap(path => path.split(':')).map(entry => entry.replace(/\/\*$/u, ''))
  return entries.filter(entry => entry !== '').slice(0, classPathMax)
}
