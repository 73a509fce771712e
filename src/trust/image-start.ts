import { readEngineRun } from './engine-run.ts'
import { imageKey } from './image-pin.ts'
import { type ImageReference, readImage } from './image-reference.ts'
import { type LockFile, readLock } from './lock-file.ts'
import { lockPath, type StoreRefused } from './store-change.ts'

/** A command whose image is named by its digest and nothing else; or one whose image nobody can name, as it was. */
export type ImageStart =
  | { readonly ok: true; readonly command: readonly string[]; readonly digest: string }
  | { readonly ok: true; readonly command: readonly string[]; readonly notHeld: string }

/**
 * The words that start the image which was pinned, instead of whatever its tag means now; a refusal where that cannot be
 * said; undefined when the command runs no image. Without a store nothing is pinned.
 */
export function startImage(
  command: readonly string[],
  root: string | undefined,
): ImageStart | StoreRefused | undefined {
  const run = readEngineRun(command)
  if (run === undefined) return undefined
  if (run.kind === 'unheld') return { ok: true, command, notHeld: run.why }
  if (run.kind === 'unreadable')
    return {
      ok: false,
      reason: `${JSON.stringify(run.word)}: it cannot be told which word of the command is the image`,
      wayOut: 'write each option with its value in one word, as --option=value',
    }
  const read = readImage(run.image)
  if (read === undefined)
    return {
      ok: false,
      reason: `${JSON.stringify(run.image)} is no image name`,
      wayOut: 'name it as repository@sha256:…',
    }
  const reading = root === undefined ? undefined : readLock(lockPath(root))
  if (reading?.ok === false) return reading
  const chosen = choose(read, reading?.lock)
  if (!chosen.ok) return chosen
  // The tag goes: engines differ in what a name with both means, and some read `word:` as another kind of source.
  const image = `${read.name}@${chosen.digest}`
  return { ok: true, digest: chosen.digest, command: command.with(run.at, image) }
}

type Chosen = { readonly ok: true; readonly digest: string } | StoreRefused

function choose(read: ImageReference, lock: LockFile | undefined): Chosen {
  const { repository, digest } = read
  const images = lock?.images ?? {}
  if (digest === undefined) {
    const key = imageKey({ repository, tag: read.tag ?? 'latest', digest: '' })
    const held = Object.hasOwn(images, key) ? images[key] : undefined
    return held === undefined ? unpinned(read) : { ok: true, digest: held.digest }
  }
  const held = Object.values(images).filter(image => image.repository === repository)
  const other = held.find(image => read.tag !== undefined && image.tag === read.tag) ?? held[0]
  if (other === undefined || held.some(image => image.digest === digest)) return { ok: true, digest }
  return {
    ok: false,
    reason: `the command names ${repository} at ${digest}, and the lock holds it at ${other.digest}`,
    wayOut: `correct the command, or pin that one too: sallyport server add NAME ${read.name}@${digest} --image --why "…"`,
  }
}

function unpinned({ name, tag }: ImageReference): StoreRefused {
  const image = tag === undefined ? name : `${name}:${tag}`
  return {
    ok: false,
    reason: `${image} is named by a tag, which means whatever its owner makes of it, and it is not pinned`,
    wayOut: `pin it once: sallyport server add NAME ${image} --image --why "…", or write ${name}@sha256:… in the command`,
  }
}
