import { randomBytes } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { insideFolder } from './inside-folder.ts'
import { digestOf, readPlain } from './plain-file.ts'
import { type Change, changeId } from './review.ts'
import { type Stage, saveStage } from './staging.ts'
import { stampOf } from './stamp.ts'

export type Applied = { readonly ok: true } | { readonly ok: false; readonly why: string }

/**
 * Takes over one change as it was reviewed, and keeps what it replaced. The server may still run and swap files under our
 * hands, so the content is read once through a descriptor whose place is checked, and must have the digest that was shown.
 */
export function applyChange(stage: Stage, change: Change): Applied {
  const target = join(stage.original, change.path)
  if (change.path.split('/').some(part => part === '..' || part === '')) return { ok: false, why: 'leaves the folder' }
  const blocked = linkOnTheWay(stage.original, change.path)
  if (blocked !== undefined) return { ok: false, why: `${blocked} is not a folder of the original` }
  if (stampOf(target) !== change.over) return { ok: false, why: 'the original changed since; review again' }
  if (change.over === 'folder') return { ok: false, why: 'a folder lies there now; move it away first' }
  const copied = stampOf(join(stage.copy, change.path))
  if (change.kind === 'deleted') {
    if (!keepOld(stage, change, place => rmSync(place))) return moved
    stage.base.delete(change.path)
  } else {
    const now = readPlain(join(stage.copy, change.path))
    const isShown = now !== undefined && digestOf(now.bytes) === change.digest
    if (!isShown || (change.runs !== undefined && now.runs !== change.runs))
      return { ok: false, why: 'it is not what was reviewed' }
    const mode = modeOf(target, change.runs)
    if (!keepOld(stage, change, place => replaceFile(place, now.bytes, mode))) return moved
    stage.base.set(change.path, { original: stampOf(target) ?? '', copy: copied ?? '' })
  }
  saveStage(stage)
  return { ok: true }
}

const moved: Applied = { ok: false, why: 'a folder on the way to it was moved meanwhile; review again' }

function linkOnTheWay(root: string, path: string): string | undefined {
  const parts = path.split('/').slice(0, -1)
  for (let i = 1; i <= parts.length; i++) {
    const here = join(root, ...parts.slice(0, i))
    const stats = lstatSync(here, { throwIfNoEntry: false })
    if (stats !== undefined && !stats.isDirectory()) return here
  }
  return undefined
}

/** Of what a server wants of the mode, only this is taken: whether those who may read it may run it. */
function modeOf(target: string, runs: boolean | undefined): number {
  const stats = lstatSync(target, { throwIfNoEntry: false })
  const mode = stats?.isFile() === true ? stats.mode & 0o777 : 0o644
  if (runs === undefined) return mode
  return runs ? mode | ((mode & 0o444) >> 2) : mode & ~0o111
}

/** Beside the target and then over it: a reader sees the old file or the new one, and a link is replaced, not followed. */
function replaceFile(target: string, content: Buffer, mode: number): void {
  const beside = join(dirname(target), `.sallyport-${randomBytes(8).toString('hex')}`)
  try {
    writeFileSync(beside, content, { flag: 'wx', mode })
    renameSync(beside, target)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw cause
  }
}

const keptMax = 200

const keptSchema = z.strictObject({
  path: z.string(),
  /** The file that was there, its mode and text in base64; or where a link led; or nothing. */
  was: z.union([
    z.strictObject({ mode: z.number(), text: z.string() }),
    z.strictObject({ link: z.string() }),
    z.literal('nothing'),
  ]),
  /** What lies there since. */
  became: z.string().optional(),
})

/** Keeps the old file until the change is taken back, and so many of them. What is too large to keep is not taken back. */
function keepOld(stage: Stage, change: Change, act: (place: string) => void): boolean {
  const target = join(stage.original, change.path)
  const [old, stats] = [readPlain(target), lstatSync(target, { throwIfNoEntry: false })]
  const was =
    old !== undefined
      ? { mode: old.mode, text: old.bytes.toString('base64') }
      : stats?.isSymbolicLink() === true
        ? { link: readlinkSync(target) }
        : stats === undefined
          ? ('nothing' as const)
          : undefined
  if (!insideFolder(stage.original, change.path, act)) return false
  if (was === undefined) return true
  const folder = undoFolder(stage)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const became = stampOf(target)
  const kept = { path: change.path, was, ...(became === undefined ? {} : { became }) }
  writeFileSync(join(folder, `${changeId(change)}.json`), JSON.stringify(kept), { mode: 0o600 })
  dropOldest(folder)
  return true
}

function undoFolder({ copy }: Stage): string {
  return join(dirname(copy), 'undo')
}

function dropOldest(folder: string): void {
  const ages = readdirSync(folder).map(name => ({ name, ms: lstatSync(join(folder, name)).mtimeMs }))
  const tooMany = ages.sort((a, b) => b.ms - a.ms).slice(keptMax)
  for (const { name } of tooMany) rmSync(join(folder, name))
}

/** Takes a change back that was applied, by the id it was shown with; not where somebody has changed the file since. */
export function undoChange(stage: Stage, path: string, id: string): Applied {
  const file = join(undoFolder(stage), `${id}.json`)
  if (!/^[0-9a-f]{12}$/u.test(id) || !existsSync(file)) return { ok: false, why: 'no such change was applied' }
  const kept = keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const target = join(stage.original, path)
  if (kept.path !== path) return { ok: false, why: 'no such change was applied' }
  const blocked = linkOnTheWay(stage.original, path)
  if (blocked !== undefined) return { ok: false, why: `${blocked} is not a folder of the original` }
  if (stampOf(target) !== kept.became) return { ok: false, why: 'the original changed since' }
  if (!insideFolder(stage.original, path, place => putBack(place, kept.was))) return moved
  rmSync(file)
  // The server's version waits again: nothing that it could look like now is what both had.
  if (kept.was === 'nothing') stage.base.delete(path)
  else stage.base.set(path, { original: stampOf(target) ?? '', copy: 'undone' })
  saveStage(stage)
  return { ok: true }
}

function putBack(place: string, was: z.infer<typeof keptSchema>['was']): void {
  if (was === 'nothing') rmSync(place, { force: true })
  else if ('link' in was) relink(place, was.link)
  else replaceFile(place, Buffer.from(was.text, 'base64'), was.mode)
}

function relink(target: string, to: string): void {
  const beside = join(dirname(target), `.sallyport-${randomBytes(8).toString('hex')}`)
  symlinkSync(to, beside)
  renameSync(beside, target)
}
