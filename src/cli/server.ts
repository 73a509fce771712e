import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Command } from 'commander'
import { stateFolder } from '../gateway/state-folder.ts'
import { watchAdvisories } from '../trust/advisory-watch.ts'
import { wholeOrRefused } from '../trust/find-stored.ts'
import { lastUse } from '../trust/last-use.ts'
import { type LockFile, readLock } from '../trust/lock-file.ts'
import { checkName, type Ecosystem } from '../trust/lookalike.ts'
import { dutiesOf } from '../trust/server-duties.ts'
import { describeServer, type Registered, removeServer, rollBack } from '../trust/server-register.ts'
import { changeLock, lockPath } from '../trust/store-change.ts'
import { deedLines } from '../trust/tree-audit.ts'
import { print, say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { printJson } from './say.ts'
import { type AddAsked, addServer } from './server-add.ts'
import { addImage } from './server-add-image.ts'
import { type AdvisoriesAsked, linesOf, showAdvisories } from './server-advisories.ts'
import { type UpdateAsked, updateServer } from './server-update.ts'
import { who } from './who.ts'

/** `sallyport server check|add|why|owner|review|remove|list`, `sallyport update`, `sallyport rollback`. */
export function addServerCommands(program: Command, done: (code: ExitCode) => void): void {
  const server = program
    .command('server')
    .description('what is installed, from whom, why, and whether it is what it says')
  server
    .command('check')
    .description('compare package names with the list of official and popular servers; asks nobody')
    .argument('[name...]', 'names of packages')
    .option('--jsonl', 'read names from stdin, one a line or {"name", "ecosystem"}, and answer in JSON lines')
    .option('--pypi', 'names of PyPI instead of npm')
    .option('--json', 'as JSON')
    .action(async (names: string[], asked: CheckAsked) => done(await check(names, asked)))
  server
    .command('add')
    .description('install a server once into the store, audit it, and write it into the lock')
    .argument('<name>', 'what you call it')
    .argument('<package>', 'package, with or without @version; with --image, an image')
    .option('--pypi', 'a package of PyPI (uvx), stored from wheels; nothing is built')
    .option('--image', 'an image of docker or podman: pins what its tag means now')
    .requiredOption('--why <sentence>', 'what it is needed for')
    .option('--owner <who>', 'who answers for it', who())
    .option('--accept-lookalike', 'install it although its name imitates another')
    .option('--registry <url>', 'another registry than the one npm or pip is configured for')
    .option('--json', 'as JSON')
    .action(async (name: string, spec: string, asked: AddAsked) =>
      done(await (asked.image === true ? addImage : addServer)(packagesFolder(), { name, spec }, asked)),
    )
  addRegister(server, done)
  program
    .command('update')
    .description('put a newer version beside the one in force, try both, and say what changed')
    .argument('<server>', 'name of the server')
    .option('--to <version>', 'version, range or tag', 'latest')
    .option('--calls <file>', 'calls to play to both, one {"tool", "arguments"} a line')
    .option('--promote', 'put it in force if nothing speaks against it')
    .option('--accept', 'with --promote: put it in force although something should be reviewed')
    .option('--registry <url>', 'another registry than the one npm or pip is configured for')
    .option('--json', 'as JSON')
    .action(async (name: string, asked: UpdateAsked) => done(await updateServer(packagesFolder(), name, asked)))
  program
    .command('rollback')
    .description('go back to the version before, at any later time')
    .argument('<server>', 'name of the server')
    .option('--json', 'as JSON')
    .action((name: string, { json }: AsJson) =>
      done(
        change(lock => wholeOrRefused(packagesFolder(), rollBack(lock, name), name), {
          ...{ name, done: `${name} is back at`, json },
        }),
      ),
    )
}

function addRegister(server: Command, done: (code: ExitCode) => void): void {
  const now = () => new Date().toISOString()
  server
    .command('advisories')
    .description('which installed servers have published flaws, and how old that knowledge is')
    .option('--update', 'ask for what is installed: the OSV service, and the registry that npm is configured for')
    .option('--osv <url>', 'where a service speaks OSV', 'https://api.osv.dev')
    .option('--from <file>', 'take the list from a file instead; nobody is asked')
    .option('--json', 'as JSON')
    .action(async (asked: AdvisoriesAsked) => done(await showAdvisories(packagesFolder(), asked)))
  server
    .command('why')
    .description('say what a server is needed for')
    .argument('<name>')
    .argument('<sentence>')
    .option('--json', 'as JSON')
    .action((name: string, why: string, { json }: AsJson) =>
      done(change(lock => describeServer(lock, name, { why }), { name, done: `${name}:`, json })),
    )
  server
    .command('owner')
    .description('say who answers for a server')
    .argument('<name>')
    .argument('<who>')
    .option('--json', 'as JSON')
    .action((name: string, owner: string, { json }: AsJson) =>
      done(change(lock => describeServer(lock, name, { owner }), { name, done: `${name}:`, json })),
    )
  server
    .command('review')
    .description('note that a server was looked at today')
    .argument('<name>')
    .option('--days <days>', 'when it is due again', days)
    .option('--json', 'as JSON')
    .action((name: string, { days: reviewDays, json }: AsJson & { days?: number }) => {
      const due = reviewDays === undefined ? {} : { reviewDays }
      const make = (lock: LockFile) => describeServer(lock, name, { reviewedAt: now(), ...due })
      const code = change(make, { name, done: `${name} reviewed:`, json, dependencies: () => dependenciesOf(name) })
      done(code)
    })
  server
    .command('remove')
    .description('take a server and its packages out')
    .argument('<name>')
    .option('--json', 'as JSON')
    .action((name: string, { json }: AsJson) =>
      done(change(lock => removeServer(lock, name), { name, done: `removed ${name}`, json })),
    )
  server
    .command('list')
    .description('what is installed, since when, why, and what is due')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => done(list(json === true)))
}

/** The store of this machine's state folder. */
function packagesFolder(): string {
  return join(stateFolder(), 'packages')
}

function days(text: string): number {
  return Math.max(1, Math.min(3650, Number.parseInt(text, 10) || 90))
}

type AsJson = { json?: boolean }
type CheckAsked = AsJson & { jsonl?: boolean; pypi?: boolean }

const lineCharsMax = 4096

async function check(names: readonly string[], { jsonl, json, pypi }: CheckAsked): Promise<ExitCode> {
  const ecosystem: Ecosystem = pypi === true ? 'pypi' : 'npm'
  if (jsonl === true) return checkLines(ecosystem)
  if (names.length === 0) {
    say('server check: name a package, or give names on stdin with --jsonl')
    return 2
  }
  const checks = names.map(name => checkName(name, ecosystem))
  if (json === true) printJson(checks.map(one => ({ ...one, of: one.of ?? null })))
  else for (const { name, verdict, why } of checks) print(`${verdict}  ${JSON.stringify(name)}: ${why}`)
  return checks.some(({ verdict }) => verdict === 'lookalike') ? 1 : 0
}

async function checkLines(ecosystem: Ecosystem): Promise<ExitCode> {
  let code: ExitCode = 0
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue
    const asked = askedIn(line.slice(0, lineCharsMax), ecosystem)
    const found = checkName(asked.name, asked.ecosystem)
    if (found.verdict === 'lookalike') code = 1
    process.stdout.write(`${JSON.stringify({ ...found, of: found.of ?? null })}\n`)
  }
  return code
}

function askedIn(line: string, ecosystem: Ecosystem): { name: string; ecosystem: Ecosystem } {
  if (!line.trimStart().startsWith('{')) return { name: line.trim(), ecosystem }
  try {
    const value: { name?: unknown; ecosystem?: unknown } = JSON.parse(line)
    const name = typeof value.name === 'string' ? value.name : ''
    return { name, ecosystem: value.ecosystem === 'pypi' ? 'pypi' : ecosystem }
  } catch {
    return { name: '', ecosystem }
  }
}

type Changing = {
  readonly name: string
  /** What to say of it once it is done. */
  readonly done: string
  readonly json: boolean | undefined
  dependencies?(): string[]
}

function change(make: (lock: LockFile) => Registered, { name, done, json, dependencies }: Changing): ExitCode {
  const made = changeLock({ root: packagesFolder() }, make)
  if (!made.ok) {
    say(`${made.reason}. ${made.wayOut}`)
    return 2
  }
  const server = made.lock.servers[name]
  const lines = dependencies?.()
  if (json === true) {
    printJson({ name, server: server ?? null, ...(lines === undefined ? {} : { dependencies: lines }) })
    return 0
  }
  print(`${done} ${server === undefined ? '' : `${server.active}, ${server.owner}: ${server.why}`}`.trimEnd())
  for (const line of lines ?? []) print(`  ${line}`)
  return 0
}

function list(isJson: boolean): ExitCode {
  const root = packagesFolder()
  const reading = readLock(lockPath(root))
  if (!reading.ok) {
    say(`${reading.reason}. ${reading.wayOut}`)
    return 2
  }
  const used = (name: string) => lastUse(root, name)
  const duties = dutiesOf(reading.lock, used, Date.now())
  const affected = watchAdvisories(reading.lock, root, Date.now()).filter(
    ({ check: { state } }) => state === 'affected',
  )
  if (isJson) printJson({ servers: reading.lock.servers, duties, affected })
  else {
    const servers = Object.entries(reading.lock.servers)
    if (servers.length === 0) say('no server is installed; sallyport server add NAME PACKAGE --why "…" installs one')
    for (const [name, { active, owner, why, addedAt }] of servers) {
      const last = used(name)
      const when = last === undefined ? 'never used' : `last used ${new Date(last).toISOString().slice(0, 10)}`
      print(`${name}  ${active}  added ${addedAt.slice(0, 10)} by ${owner}: ${why}; ${when}`)
    }
    for (const line of affected.flatMap(linesOf)) print(`! ${line}`)
    for (const { name, what, days: count } of duties) print(`! ${name}: ${what}${count > 0 ? ` (${count} days)` : ''}`)
  }
  return duties.length + affected.length > 0 ? 1 : 0
}

/** What the dependencies of a server can do, as they were read when it was stored. */
function dependenciesOf(name: string): string[] {
  const reading = readLock(lockPath(packagesFolder()))
  const stored = reading.ok ? reading.lock.packages[reading.lock.servers[name]?.active ?? ''] : undefined
  if (stored === undefined) return []
  if (stored.deeds === undefined)
    return ['its dependencies were stored before they were read: sallyport update reads them']
  return deedLines(stored.deeds).map(line => `dependencies, ${line}`)
}
