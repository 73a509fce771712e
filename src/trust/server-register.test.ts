import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { fc } from '../../test/property.ts'
import type { LockFile, StoredPackage } from './lock-file.ts'
import { describeServer, enterServer, promote, removeServer, rollBack, stageVersion } from './server-register.ts'
import { notePackage } from './store-change.ts'

const day = 86_400_000
const start = Date.parse('2026-01-01T00:00:00.000Z')

function stored(version: string, name = 'a'): StoredPackage {
  const files = { digest: `sha256-${'A'.repeat(43)}=`, count: 1, bytes: 1 }
  const unknown = { publisher: 'unknown', provenance: 'unknown' as const, installedAt: new Date(start).toISOString() }
  return {
    ecosystem: 'npm',
    name,
    version,
    folder: `npm-${name}-${version}`,
    integrity: 'sha512-x',
    files,
    dependencies: {},
    installScripts: [],
    ...unknown,
  }
}

const keys = ['npm:a@1.0.0', 'npm:a@2.0.0', 'npm:a@3.0.0']
const packages = {
  [keys[0]!]: stored('1.0.0'),
  [keys[1]!]: stored('2.0.0'),
  [keys[2]!]: stored('3.0.0'),
  'npm:b@1.0.0': stored('1.0.0', 'b'),
}
const tried = { from: keys[0]!, to: keys[1]!, nowMs: start }
const empty: LockFile = { version: 1, packages, servers: {} }

function must(made: ReturnType<typeof promote>): LockFile {
  assert.ok(made.ok, JSON.stringify(made))
  return made.lock
}

const entered = () => must(enterServer(empty, { name: 's', key: keys[0]!, owner: 'me', why: 'notes', nowMs: start }))

test('a server is entered with who and why, once, and never without a reason', proves('C1.document'), () => {
  const { owner, why, addedAt } = entered().servers['s']!
  assert.deepEqual([owner, why, addedAt], ['me', 'notes', '2026-01-01T00:00:00.000Z'])
  const newcomer = { name: 's', key: keys[0]!, owner: 'me', why: 'notes', nowMs: start }
  assert.equal(enterServer(entered(), newcomer).ok, false)
  assert.equal(enterServer(empty, { ...newcomer, why: ' ' }).ok, false)
  assert.equal(enterServer(empty, { ...newcomer, key: 'npm:a@9.0.0' }).ok, false)
  for (const name of ['../x', '', 'a b', '__proto__'])
    assert.equal(enterServer(empty, { ...newcomer, name }).ok, false, name)
  assert.equal(promote(empty, 'constructor', tried).ok, false)
})

test(
  'a staged version starts nothing until it is promoted, and the old one comes back at any later time',
  proves('C6.staging'),
  () => {
    const staged = must(stageVersion(entered(), 's', keys[1]!))
    assert.equal(staged.servers['s']!.active, keys[0])
    const promoted = must(promote(staged, 's', { ...tried, nowMs: start + day }))
    assert.equal(promoted.servers['s']!.active, keys[1])
    const back = must(rollBack(promoted, 's'))
    assert.equal(back.servers['s']!.active, keys[0])
    assert.equal(must(promote(back, 's', tried)).servers['s']!.active, keys[1], 'and forward again')
  },
)

test('what was staged or put in force by another command meanwhile is not promoted', () => {
  const staged = must(stageVersion(entered(), 's', keys[1]!))
  const other = must(stageVersion(staged, 's', keys[2]!))
  const taken = promote(other, 's', tried)
  assert.ok(!taken.ok && /another command changed s/u.test(taken.reason))
  const moved = must(stageVersion(must(promote(other, 's', { ...tried, to: keys[2]! })), 's', keys[1]!))
  assert.equal(promote(moved, 's', tried).ok, false)
})

test('what is found out about a package is not written over one that was laid anew or taken out meanwhile', () => {
  const lock = entered()
  const known = lock.packages[keys[1]!]!
  assert.ok(notePackage(lock, keys[1]!, { ...known, publisher: 'ann' }).ok)
  const anew = { ...known, files: { ...known.files, digest: `sha256-${'B'.repeat(43)}=` } }
  assert.equal(notePackage({ ...lock, packages: { [keys[1]!]: anew } }, keys[1]!, known).ok, false)
  assert.equal(notePackage({ ...lock, packages: {} }, keys[1]!, known).ok, false)
  assert.equal(notePackage(lock, 'constructor', known).ok, false)
})

test('another package is never staged as an update', () => {
  assert.equal(stageVersion(entered(), 's', 'npm:b@1.0.0').ok, false)
  assert.equal(stageVersion(entered(), 's', keys[0]!).ok, false)
  assert.equal(promote(entered(), 's', tried).ok, false)
  assert.equal(rollBack(entered(), 's').ok, false)
})

test('whatever is done in whatever order, what starts is in the store and was staged or entered', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('stage' as const), key: fc.constantFrom(...keys, 'npm:b@1.0.0', 'npm:none@1.0.0') }),
    fc.record({ do: fc.constantFrom('promote' as const, 'back' as const, 'review' as const), key: fc.constant('') }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      let lock = entered()
      const staged = new Set([keys[0]])
      for (const each of steps) {
        const made =
          each.do === 'stage'
            ? stageVersion(lock, 's', each.key)
            : each.do === 'promote'
              ? promote(lock, 's', {
                  from: lock.servers['s']!.active,
                  to: lock.servers['s']!.staged ?? '',
                  nowMs: start,
                })
              : each.do === 'back'
                ? rollBack(lock, 's')
                : describeServer(lock, 's', { owner: 'you' })
        if (!made.ok) continue
        if (each.do === 'stage') staged.add(each.key)
        lock = made.lock
        const { active } = lock.servers['s']!
        assert.ok(staged.has(active) && lock.packages[active]?.name === 'a')
      }
    }),
  )
})

test('a removed server takes the packages along that nobody else starts', () => {
  const { servers, packages: left } = must(removeServer(entered(), 's'))
  assert.deepEqual([servers, left], [{}, {}])
})

test('an image is entered like a package, keeps its entry while somebody starts it, and goes with the last one', () => {
  const digest = `sha256:${'1'.repeat(64)}`
  const key = 'image:docker.io/mcp/time:1'
  const image = { repository: 'docker.io/mcp/time', tag: '1', digest, pinnedAt: '2026-01-01T00:00:00.000Z' }
  const newcomer = { key, owner: 'me', why: 'notes', nowMs: start }
  const held = { ...empty, images: { [key]: image } }
  assert.equal(enterServer(empty, { ...newcomer, name: 'x' }).ok, false)
  const two = must(enterServer(must(enterServer(held, { ...newcomer, name: 'x' })), { ...newcomer, name: 'y' }))
  const left = must(removeServer(two, 'x'))
  assert.deepEqual(left.images, { [key]: image })
  assert.deepEqual(must(removeServer(left, 'y')).images, {})
  assert.equal(rollBack(two, 'x').ok, false)
  assert.equal(stageVersion(two, 'x', keys[0]!).ok, false)
})
