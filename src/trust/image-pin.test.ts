import assert from 'node:assert/strict'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { imageKey, pinImage, resolveImage } from './image-pin.ts'
import type { LockFile } from './lock-file.ts'

const one = `sha256:${'1'.repeat(64)}`
const two = `sha256:${'2'.repeat(64)}`

// A program that stands for the client of an engine: it keeps its arguments and says what the test wants.
const standIn = (script: string, name = 'docker') => layOut({ [name]: `#!/bin/sh\n${script}\n` })
const asked = (spec: string, folder: string) => resolveImage(spec, { PATH: folder })

test('a tag becomes the digest that its own repository has, whichever others the image lies in', async () => {
  const answer = JSON.stringify([`ghcr.io/x/time@${two}`, `mcp/time@${one}`])
  const want = '[ "$*" = "image inspect --format {{json .RepoDigests}} -- mcp/time:1" ] || exit 9'
  const found = await asked('mcp/time:1', standIn(`${want}\nprintf '%s' '${answer}'`))
  assert.deepEqual(found, { ok: true, image: { repository: 'docker.io/mcp/time', tag: '1', digest: one } })
  const podman = await asked('mcp/time:1', standIn(`printf '%s' '["docker.io/mcp/time@${two}"]'`, 'podman'))
  assert.ok(podman.ok && podman.image.digest === two)
})

test('an engine that fails, answers something else or is not there pins nothing, and says what to do', async () => {
  for (const [script, why] of [
    ['echo No such image: x >&2; exit 1', /docker does not have mcp\/time:latest: No such image/u],
    ["printf '\\033[2Jgone' >&2; exit 1", /latest: \[2Jgone$/u],
    ['echo []', /knows no digest/u],
    ['echo null', /knows no digest/u],
    [`echo ${one}`, /knows no digest/u],
    [`echo '["mcp/time@sha256:12"]'`, /knows no digest/u],
    [`echo '["evil/time@${one}"]'`, /knows no digest/u],
    [`echo '[1,{"a":2},["mcp/time@${one}"]]'`, /knows no digest/u],
    ['exec /usr/bin/head -c 300000 /dev/zero', /knows no digest/u],
  ] as const) {
    const found = await asked('mcp/time', standIn(script))
    assert.ok(!found.ok && why.test(found.reason) && found.wayOut !== '', `${script}: ${JSON.stringify(found)}`)
  }
  const none = await asked('mcp/time', layOut({}))
  assert.ok(!none.ok && /neither docker nor podman/u.test(none.reason))
})

test('a name with a digest asks nobody, and what is no name reaches no engine', async () => {
  const loud = standIn('exit 7')
  const named = await asked(`mcp/time:1@${one}`, loud)
  assert.deepEqual(named, { ok: true, image: { repository: 'docker.io/mcp/time', tag: '1', digest: one } })
  for (const spec of ['--help', 'a b', '$(id)', '', 'docker://x', `x@sha512:${'1'.repeat(128)}`]) {
    const found = await asked(spec, loud)
    assert.ok(!found.ok && /is no image name/u.test(found.reason), spec)
  }
})

test('a name that is held at one digest is not moved to another by adding it again', () => {
  const image = { repository: 'docker.io/mcp/time', tag: '1', digest: one, pinnedAt: '2026-01-01T00:00:00.000Z' }
  const empty: LockFile = { version: 1, packages: {}, servers: {} }
  const held = pinImage(empty, image)
  assert.ok(held.ok && held.lock.images?.[imageKey(image)] === image)
  assert.deepEqual(pinImage(held.lock, { ...image, pinnedAt: '2026-02-01T00:00:00.000Z' }), held)
  const moved = pinImage(held.lock, { ...image, digest: two })
  assert.ok(!moved.ok && moved.reason.includes(one) && moved.reason.includes(two))
})
