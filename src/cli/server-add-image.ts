import { imageKey, pinImage, resolveImage } from '../trust/image-pin.ts'
import { readLock } from '../trust/lock-file.ts'
import { enterServer, refuseNewcomer } from '../trust/server-register.ts'
import { changeLock, lockPath } from '../trust/store-change.ts'
import type { ExitCode } from './program.ts'
import { print, printJson } from './say.ts'
import { type AddAsked, failed } from './server-add.ts'

/** Resolves an image to its digest by the engine that is here, and enters the server; nothing is pulled and none is run. */
export async function addImage(
  root: string,
  { name, spec }: { readonly name: string; readonly spec: string },
  asked: AddAsked,
): Promise<ExitCode> {
  if (asked.pypi === true || asked.registry !== undefined)
    return failed({ reason: '--image goes with neither --pypi nor --registry', wayOut: 'leave one out' })
  const before = readLock(lockPath(root))
  const refused = before.ok ? refuseNewcomer(before.lock, { name, why: asked.why }) : before
  if (refused !== undefined) return failed(refused)
  const resolved = await resolveImage(spec, engineEnvironment())
  if (!resolved.ok) return failed(resolved)
  const nowMs = Date.now()
  const image = { ...resolved.image, pinnedAt: new Date(nowMs).toISOString() }
  const key = imageKey(image)
  const entered = changeLock({ root }, lock => {
    const pinned = pinImage(lock, image)
    return pinned.ok ? enterServer(pinned.lock, { name, key, owner: asked.owner, why: asked.why, nowMs }) : pinned
  })
  if (!entered.ok) return failed(entered)
  const { repository, digest, tag } = image
  if (asked.json === true) printJson({ server: name, key, ...image })
  else print(`${name}: ${repository}${tag === undefined ? '' : `:${tag}`} is held at ${digest}`)
  return 0
}

const passed = /^(?:PATH|HOME|DOCKER_(?:HOST|CONTEXT|CONFIG|CERT_PATH|TLS_VERIFY)|CONTAINER_HOST|XDG_RUNTIME_DIR)$/u

/** What an engine's client needs to find its engine, and nothing of the rest. */
function engineEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && passed.test(name) ? [[name, value] as const] : [],
    ),
  )
}
