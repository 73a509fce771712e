import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBounded } from './bounded-run.ts'
import { type ImageReference, isDigest, readImage } from './image-reference.ts'
import type { LockFile, PinnedImage } from './lock-file.ts'
import type { Changed, StoreRefused } from './store-change.ts'

/** An image that was resolved: which one a name means on this machine today. */
export type ResolvedImage = { readonly ok: true; readonly image: Omit<PinnedImage, 'pinnedAt'> } | StoreRefused

const engines = ['docker', 'podman'] as const
const timeoutMs = 20_000

/** Asks the engine that is here which digest a name means; a name with a digest says it itself, and nobody is asked. */
export async function resolveImage(text: string, env: Readonly<Record<string, string>>): Promise<ResolvedImage> {
  const read = readImage(text)
  if (read === undefined)
    return { ok: false, reason: `${JSON.stringify(text)} is no image name`, wayOut: 'write repository:tag' }
  const { repository, tag, digest } = read
  if (digest !== undefined) return { ok: true, image: { repository, digest, ...(tag === undefined ? {} : { tag }) } }
  let first: StoreRefused | undefined
  for (const engine of engines) {
    const asked = await askEngine(engine, read, env)
    if (asked.ok) return asked
    if (!asked.isMissing) first ??= asked
  }
  const wayOut = 'install one, or name the image by its digest: repository@sha256:…'
  return first ?? { ok: false, reason: 'neither docker nor podman was found on PATH', wayOut }
}

/** The key of an image in the lock: one for each name that a command could start it by. */
export function imageKey({ repository, tag, digest }: Omit<PinnedImage, 'pinnedAt'>): string {
  return tag === undefined ? `image:${repository}@${digest}` : `image:${repository}:${tag}`
}

/** Enters a digest for a name; a name that is held at another digest keeps it, whoever asks. */
export function pinImage(lock: LockFile, image: PinnedImage): Changed {
  const key = imageKey(image)
  const held = Object.hasOwn(lock.images ?? {}, key) ? lock.images?.[key] : undefined
  if (held?.digest === image.digest) return { ok: true, lock }
  if (held === undefined) return { ok: true, lock: { ...lock, images: { ...lock.images, [key]: image } } }
  const reason = `${key} is pinned at ${held.digest}, and now means ${image.digest}`
  const wayOut = 'look at what changed; sallyport server remove takes the old one out, and it can be added again'
  return { ok: false, reason, wayOut }
}

type Answer = ResolvedImage & { readonly isMissing?: boolean }

async function askEngine(
  engine: (typeof engines)[number],
  { name, repository, tag = 'latest' }: ImageReference,
  env: Readonly<Record<string, string>>,
): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-image-'))
  const named = `${name}:${tag}`
  try {
    const args = ['image', 'inspect', '--format', '{{json .RepoDigests}}', '--', named]
    const late = `${engine} did not answer in time`
    const end = await runBounded({ program: engine, args, folder, env, timeoutMs, late })
    if (end.kind === 'not started') return { ...refusal(`${engine}: ${end.why}`, 'install it'), isMissing: true }
    if (end.kind === 'stopped') return refusal(end.why, 'look whether the engine is running')
    if (end.code !== 0)
      return refusal(`${engine} does not have ${named}: ${lineOf(end.said)}`, `${engine} pull ${named}`)
    const digests = digestsIn(end.answer, repository)
    const digest = digests[0]
    // Built here and never pushed, or pulled under another name: no digest that would mean the same elsewhere.
    if (digest === undefined)
      return refusal(
        `${engine} knows no digest of ${named}`,
        'push it to a registry, or write the whole name of its repository',
      )
    return { ok: true, image: { repository, tag, digest } }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function refusal(reason: string, wayOut: string): StoreRefused {
  return { ok: false, reason, wayOut }
}

const lineMax = 200

/** What the engine says goes to a terminal: one line, nothing that could move the cursor. */
function lineOf(said: string): string {
  const printable = said.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, ' ').trim()
  return printable === '' ? 'it says no more' : printable.slice(0, lineMax)
}

/** Digests of this repository alone: one image can lie in several, with a digest in each. */
function digestsIn(answer: string, repository: string): string[] {
  const names = listIn(answer).map(readImage)
  return names.flatMap(read =>
    read?.repository === repository && isDigest(read.digest ?? '') ? [read.digest ?? ''] : [],
  )
}

function listIn(answer: string): string[] {
  try {
    const value: unknown = JSON.parse(answer)
    return Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
  } catch {
    return []
  }
}
