import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { temporaryFolder } from '../../test/temporary.ts'
import { imageKey, pinImage } from './image-pin.ts'
import { startImage } from './image-start.ts'
import { changeLock, lockPath } from './store-change.ts'

const one = `sha256:${'1'.repeat(64)}`
const two = `sha256:${'2'.repeat(64)}`
const image = { repository: 'docker.io/mcp/time', tag: 'latest', digest: one, pinnedAt: '2026-01-01T00:00:00.000Z' }

function store(...images: (typeof image)[]): string {
  const root = temporaryFolder()
  for (const each of images) assert.ok(changeLock({ root }, lock => pinImage(lock, each)).ok)
  return root
}

const start = (line: string, root: string | undefined) => {
  const found = startImage(line.split(' '), root)
  return found?.ok === true ? found.command.join(' ') : found?.reason
}

test(
  'a tag that was pinned starts as its digest, in whatever spelling, and all other words stay',
  proves('C1.pin'),
  () => {
    const root = store(image)
    for (const name of ['mcp/time', 'mcp/time:latest', 'docker.io/mcp/time', 'index.docker.io/mcp/time:latest'])
      assert.equal(
        start(`docker run -i --rm -e mcp/time ${name} mcp/time --zone UTC`, root),
        `docker run -i --rm -e mcp/time ${name.replace(':latest', '')}@${one} mcp/time --zone UTC`,
      )
  },
)

test('a tag that nobody pinned is not started, and the way to pin it is named', proves('C1.pin'), () => {
  const root = store(image)
  for (const name of ['mcp/time:2', 'mcp/other', 'ghcr.io/mcp/time', 'constructor', '__proto__'])
    assert.equal(startImage(['docker', 'run', name], root)?.ok, false, name)
  const found = startImage(['docker', 'run', 'mcp/time:2'], root)
  assert.ok(found?.ok === false && found.wayOut.includes('server add NAME mcp/time:2 --image'))
  assert.match(start('docker run mcp/time', undefined) ?? '', /not pinned/u)
})

test('a digest starts where the lock says nothing else, and is refused with both where it does', () => {
  assert.equal(start(`docker run mcp/time:9@${two} x`, store()), `docker run mcp/time@${two} x`)
  assert.equal(start(`docker run mcp/time@${one}`, store(image)), `docker run mcp/time@${one}`)
  const refused = start(`docker run mcp/time@${two}`, store(image)) ?? ''
  assert.ok(refused.includes(one) && refused.includes(two))
  const both = store(image, { ...image, tag: '2', digest: two })
  assert.equal(start(`docker run mcp/time@${two}`, both), `docker run mcp/time@${two}`)
})

test('words that could hide another image are not started', () => {
  const root = store(image)
  assert.match(start('docker run --unheard-of mcp/time evil', root) ?? '', /which word/u)
  assert.match(start('podman run --rootfs /tmp/evil', root) ?? '', /which word/u)
  assert.match(start('docker run oci:/tmp/evil', root) ?? '', /no image name/u)
  // Podman reads `dir:x` as a folder, with any text behind it; what is left here can only be a name.
  assert.equal(start(`podman run dir:x@${one}`, root), `podman run dir@${one}`)
})

test('a lock that was edited starts nothing, and a command that runs no image is left alone', () => {
  const root = store(image)
  assert.equal(startImage(['docker', 'ps'], root), undefined)
  appendFileSync(lockPath(root), ' x')
  assert.match(start('docker run mcp/time', root) ?? '', /sallyport\.lock/u)
  assert.equal(imageKey(image), 'image:docker.io/mcp/time:latest')
})
