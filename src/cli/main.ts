#!/usr/bin/env node
/** The command line. What a client starts a hundred times a day goes the short way; everything else loads a framework. */
import { statSync } from 'node:fs'
import * as module from 'node:module'
import { join } from 'node:path'
import { makeFolder } from '../store/make-folder.ts'

const [command, ...words] = process.argv.slice(2)

const nodeMin = [22, 13] as const
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1])) {
  process.stderr.write(
    `sallyport needs Node ${nodeMin.join('.')} or newer, and this is ${process.versions.node}. With npm alone: npx -y -p node@24 node ${process.argv[1]} ${command ?? ''}${words.length > 0 ? ' …' : ''}\n`,
  )
  process.exit(2)
}

// Whoever reads the output may stop early, as `head` does.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => process.exit(cause.code === 'EPIPE' ? 0 : 3))
cacheCompiledCode()
process.exitCode = await run().catch(broken)

/** What broke on the way is no finding: a command that could not finish ends with 3. */
function broken(cause: unknown): number {
  const isPlain = cause instanceof Error && 'code' in cause
  const text = cause instanceof Error ? (isPlain ? cause.message : (cause.stack ?? cause.message)) : String(cause)
  process.stderr.write(`sallyport: ${text}\n`)
  return 3
}

/** Compiled code is kept between starts, in a folder of this user alone: in a shared one, somebody else could plant code. */
function cacheCompiledCode(): void {
  const home =
    process.env['XDG_CACHE_HOME'] ??
    (process.env['HOME'] === undefined ? undefined : join(process.env['HOME'], '.cache'))
  if (home === undefined) return
  const folder = join(home, 'sallyport', 'compiled')
  try {
    makeFolder(folder)
    const { uid, mode } = statSync(folder)
    if (uid === process.getuid?.() && (mode & 0o022) === 0) module.enableCompileCache(folder)
  } catch {
    // Without a cache everything works, only slower.
  }
}

async function run(): Promise<number> {
  if (command === '--version' || command === '-V') {
    const { version } = await import('../gateway/version.ts')
    process.stdout.write(`${version}\n`)
    return 0
  }
  if (command === 'exec' || (command === 'help' && words[0] === 'exec')) {
    const { runExec } = await import('./exec.ts')
    return runExec(command === 'exec' ? words : ['--help'])
  }
  if (command === 'start' || command === 'stdio') {
    const { runServe } = await import('./serve.ts')
    return runServe(process.argv.slice(2))
  }
  if (command === 'inspect') {
    // Scripts run it again and again, and it needs little of what the other commands do.
    const [{ runCommandLine }, { addInspect }] = await Promise.all([
      import('./command-line.ts'),
      import('./inspect.ts'),
    ])
    return runCommandLine([addInspect], process.argv.slice(2))
  }
  const { runProgram } = await import('./program.ts')
  return runProgram(process.argv.slice(2))
}
