import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { runBounded } from './bounded-run.ts'
import { hashText, type TreeLimits, treeLimits } from './file-tree.ts'
import type { PackageFacts, PackageSource, Wish } from './package-store.ts'
import { findPython, type PipRun, pipEnvironment, pipReason, runPip } from './pip-run.ts'
import { pypiName, siteFolder, writeStarters } from './python-start.ts'
import type { StoreRefused } from './store-change.ts'
import { unpackWheel, type Wheel } from './wheel.ts'

export type PypiOptions = {
  /** Only for an index other than the one the user configured. */
  readonly index?: string | undefined
  readonly python?: string
  readonly timeoutMs?: number
  readonly limits?: TreeLimits
  readonly env?: Readonly<Record<string, string | undefined>>
}

const timeoutMs = 180_000

/** Packages of PyPI, wheels only: pip says which and fetches them, and we check and unpack them. Nothing of theirs runs. */
export function newPypiSource(options: PypiOptions = {}): PackageSource {
  const env = envOf(options)
  return {
    ecosystem: 'pypi',
    isName: name => /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/u.test(name),
    install: async (wanted, folder) => {
      const several = severalIndexes(env)
      if (several !== undefined) return several
      const python = await findPython(env, options.python)
      if (python === undefined)
        return {
          ok: false,
          reason: 'there is no Python with pip here, nor uv, which would lend one',
          wayOut: 'install Python 3 with pip (python3-pip), or uv beside a Python 3',
        }
      const run = { python, folder, env, timeoutMs: options.timeoutMs ?? timeoutMs, limits: options.limits }
      return laidOut(wanted, run)
    },
  }
}

function envOf({ index, env = process.env }: PypiOptions): Readonly<Record<string, string | undefined>> {
  // Named as its own second, because only a value takes the place of what pip's file says; nothing would not.
  const alone = { PIP_EXTRA_INDEX_URL: index, UV_EXTRA_INDEX_URL: undefined, UV_INDEX: undefined }
  return index === undefined ? env : { ...env, ...alone, PIP_INDEX_URL: index }
}

/** uv asks its indexes one after the other, pip takes the highest version of any: a stranger's package would win there. */
function severalIndexes(env: Readonly<Record<string, string | undefined>>): StoreRefused | undefined {
  const named = ['UV_EXTRA_INDEX_URL', 'UV_INDEX'].find(name => (env[name] ?? '') !== '')
  if (named === undefined) return undefined
  const reason = `${named} names an index beside the first one, and which of them a package comes from would be left to chance`
  return { ok: false, reason, wayOut: 'name the one index: --registry URL' }
}

async function laidOut(wanted: Wish, run: PipRun): Promise<PackageFacts | StoreRefused> {
  const resolved = await resolve(wanted, run)
  if (!resolved.ok) return resolved
  const archives = await download(resolved.wheels, run)
  if (!archives.ok) return archives
  const unpacked = unpackAll(resolved.wheels, run)
  if (!unpacked.ok) return unpacked
  const own = unpacked.wheels.find(({ name }) => name === pypiName(wanted.name))
  const scripts = writeStarters(run.folder, own?.entryPoints ?? '', run.python.version)
  if (own === undefined || scripts.length === 0)
    return { ok: false, reason: `${wanted.name} has no program to start`, wayOut: 'is it a library?' }
  rmSync(join(run.folder, wheelFolder), { recursive: true, force: true })
  await compile(run)
  const hashes = Object.fromEntries(resolved.wheels.map(({ file, hash }) => [file, hash]))
  const main = resolved.wheels.find(({ name }) => name === own.name)
  return {
    ...{ ok: true, name: own.name, version: own.version, integrity: main?.hash ?? '', archives: hashes },
    dependencies: Object.fromEntries(resolved.wheels.map(({ name, version }) => [name, version])),
    ...{ installScripts: [], python: { program: run.python.program, version: run.python.version } },
  }
}

type Unpacked = { readonly ok: true; readonly wheels: readonly (Wheel & { ok: true })[] } | StoreRefused

/** All archives together stay within the bounds of one package: a hundred small bombs are a large one. */
function unpackAll(pinned: readonly Pinned[], { folder, limits = treeLimits }: PipRun): Unpacked {
  const wheels: (Wheel & { ok: true })[] = []
  let { files, bytes } = limits
  for (const { name, version, file } of pinned) {
    const archive = readFileSync(join(folder, wheelFolder, file))
    const wheel = unpackWheel(archive, join(folder, siteFolder), { ...limits, files, bytes })
    if (!wheel.ok) return refused(`the archive of ${name} ${wheel.reason}`)
    if (wheel.name !== name || wheel.version !== version)
      return refused(`asked for ${name} ${version}, and got ${wheel.name} ${wheel.version}`.slice(0, 300))
    files -= wheel.files
    bytes -= wheel.bytes
    wheels.push(wheel)
  }
  return { ok: true, wheels }
}

const wheelFolder = 'wheels'
const suspicious = 'do not use this package, and ask who runs the index'

function refused(reason: string): StoreRefused {
  return { ok: false, reason, wayOut: suspicious }
}

const report = z.object({
  install: z
    .array(
      z.object({
        is_direct: z.boolean(),
        download_info: z.object({
          url: z.string().max(4096),
          archive_info: z.object({ hashes: z.object({ sha256: z.string().optional() }).optional() }).optional(),
        }),
        metadata: z.object({ name: z.string().max(200), version: z.string().max(100) }),
        is_yanked: z.boolean().optional(),
      }),
    )
    .max(1000),
})

type Pinned = { readonly name: string; readonly version: string; readonly file: string; readonly hash: string }
type Resolved = { readonly ok: true; readonly wheels: readonly Pinned[] } | StoreRefused

/** Which wheel of which version: decided once, for this interpreter, by its own pip. */
async function resolve({ name, spec }: Wish, run: PipRun): Promise<Resolved> {
  const wish = requirementOf(name, spec)
  if (wish === undefined)
    return {
      ok: false,
      reason: `${JSON.stringify(spec)} is no version or range`,
      wayOut: 'name a version of the index',
    }
  const end = await runPip(['install', '--dry-run', '--ignore-installed', '--report=report.json', '--', wish], run)
  const problem = problemOf(end)
  if (problem !== undefined) return problem
  const read = report.safeParse(JSON.parse(readFileSync(join(run.folder, 'report.json'), 'utf8')))
  if (!read.success) return refused('pip is too old or too new: its report is not understood')
  const taken = read.data.install.find(({ is_yanked }) => is_yanked === true)?.metadata.name ?? yankedIn(end)
  if (taken !== undefined)
    return {
      ok: false,
      reason: `the version of ${taken} that was asked for was withdrawn by its author`,
      wayOut: 'look why, and name another version',
    }
  rmSync(join(run.folder, 'report.json'))
  const wheels: Pinned[] = []
  for (const { is_direct, download_info, metadata } of read.data.install) {
    const file = decodeURIComponent(basename(new URL(download_info.url).pathname))
    const sha256 = download_info.archive_info?.hashes?.sha256
    if (is_direct) return refused(`${metadata.name} would come from an address of its own, not from the index`)
    if (sha256 === undefined || !/^[0-9a-f]{64}$/u.test(sha256))
      return refused(`the index gave no sha256 for ${metadata.name} ${metadata.version}`)
    if (!/^[A-Za-z0-9][A-Za-z0-9._+!-]{0,250}\.whl$/u.test(file)) return refused(`${metadata.name} came as no wheel`)
    const hash = `sha256-${Buffer.from(sha256, 'hex').toString('base64')}`
    wheels.push({ name: pypiName(metadata.name), version: metadata.version, file, hash })
  }
  return { ok: true, wheels }
}

/** Older pips say it in words alone, and take what is named exactly all the same. */
function yankedIn(end: Awaited<ReturnType<typeof runPip>>): string | undefined {
  const said = end.kind === 'ended' ? end.said : ''
  return /is a yanked version: '([A-Za-z0-9._-]{1,200})'/u.exec(said)?.[1]
}

/** `latest`, a version, or a range; never an address, a path, a marker or another package. */
function requirementOf(name: string, spec: string): string | undefined {
  if (spec === 'latest') return name
  if (/^[0-9][A-Za-z0-9.!+_-]{0,60}$/u.test(spec)) return `${name}==${spec}`
  return /^(?:(?:[<>]=?|==|~=|!=)\s?[0-9][A-Za-z0-9.!+*_-]{0,60}(?:,\s?|$)){1,5}$/u.test(spec)
    ? `${name}${spec}`
    : undefined
}

function problemOf(end: Awaited<ReturnType<typeof runPip>>): StoreRefused | undefined {
  if (end.kind === 'not started')
    return { ok: false, reason: `pip could not be started: ${end.why}`, wayOut: 'install pip' }
  if (end.kind === 'ended' && end.code === 0) return undefined
  const reason = end.kind === 'stopped' ? end.why : pipReason(end.said)
  return { ok: false, reason, wayOut: 'Nothing was installed' }
}

type Downloaded = { readonly ok: true } | StoreRefused

/** Fetches exactly these archives. pip compares their hashes, and so do we: what is unpacked is what was named. */
async function download(wheels: readonly Pinned[], run: PipRun): Promise<Downloaded> {
  const list = wheels.map(({ name, version, hash }) => `${name}==${version} --hash=sha256:${hexOf(hash)}`)
  writeFileSync(join(run.folder, 'wanted.txt'), `${list.join('\n')}\n`)
  const words = ['--no-deps', '--require-hashes', `--dest=${wheelFolder}`, '--requirement=wanted.txt']
  const problem = problemOf(await runPip(['download', ...words], run))
  if (problem !== undefined) return problem
  rmSync(join(run.folder, 'wanted.txt'))
  const present = new Set(readdirSync(join(run.folder, wheelFolder)))
  for (const { file, hash, name } of wheels) {
    if (!present.has(file)) return refused(`the archive of ${name} did not come`)
    if (hashText(readFileSync(join(run.folder, wheelFolder, file))) !== hash)
      return refused(`the archive of ${name} is not the one whose hash the index gave`)
  }
  return { ok: true }
}

function hexOf(hash: string): string {
  return Buffer.from(hash.slice('sha256-'.length), 'base64').toString('hex')
}

/**
 * Compiles what was unpacked, so that a start does not; compiling runs nothing. The compiled files are in the list of the lock
 * like all others, and are taken as they are: to compare each with its source would read every source at every start.
 */
async function compile({ python, folder, env, limits }: PipRun): Promise<void> {
  const words = [
    '-I',
    '-S',
    '-m',
    'compileall',
    '-q',
    '-s',
    folder,
    '--invalidation-mode',
    'unchecked-hash',
    siteFolder,
  ]
  await runBounded({ program: python.program, args: words, folder, env: pipEnvironment(env), timeoutMs, limits })
}
