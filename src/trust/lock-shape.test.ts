import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { isLock, isSealed, lockProblem } from './lock-shape.ts'

const day = '2026-01-02T03:04:05.000Z'
const digest = `sha256-${'A'.repeat(43)}=`
const stored = {
  ...{ ecosystem: 'pypi', name: 'a', version: '1', folder: 'pypi-a-1', integrity: 'x', dependencies: { b: '2' } },
  ...{
    files: { digest, count: 1, bytes: 2 },
    archives: { 'a.whl': digest },
    python: { program: '/p', version: '3.12' },
  },
  ...{ installScripts: ['c'], publisher: 'unknown', publishedAt: day, provenance: 'verified', source: 's' },
  installedAt: day,
}
const server = { active: 'k', previous: ['j'], staged: 'l', owner: 'me', why: 'y', addedAt: day, reviewedAt: day }
const image = { repository: 'r', tag: 't', digest: `sha256:${'0'.repeat(64)}`, pinnedAt: day }
const whole = {
  version: 1,
  packages: { k: stored },
  images: { i: image },
  servers: { a: { ...server, reviewDays: 90 } },
}

test('a lock with everything in it is one, and so is an empty one', () => {
  assert.equal(lockProblem(whole), undefined)
  assert.ok(isLock({ version: 1, packages: {}, servers: {} }))
  assert.ok(isSealed({ seal: 'x', lock: whole }))
  assert.ok(!isSealed({ seal: 'x', lock: whole, more: 1 }) && !isSealed([]) && !isSealed(null))
})

/** Every place in a value, as a path of names. */
function places(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (value === null || typeof value !== 'object') return [at]
  return [at, ...Object.entries(value).flatMap(([name, each]) => places(each, [...at, name]))]
}

function replaced(value: unknown, [first, ...rest]: readonly string[], by: unknown): unknown {
  if (first === undefined) return by
  const object: { readonly [name: string]: unknown } = Object(value)
  const copy = Object.fromEntries(
    Object.entries(object).map(([name, each]) => [name, name === first ? replaced(each, rest, by) : each]),
  )
  return Array.isArray(value) ? Object.values(copy) : copy
}

test('a value of another kind in any place is refused with the place, and so is a member that nobody knows', () => {
  for (const place of places(whole)) {
    // A wrong kind everywhere: no member of a lock is true.
    const problem = lockProblem(replaced(whole, place, true))
    assert.ok(problem !== undefined, place.join('.'))
    assert.ok(problem.startsWith(place.join('.') || '(file)'), problem)
  }
  for (const at of [[], ['packages', 'k'], ['packages', 'k', 'files'], ['servers', 'a'], ['images', 'i']]) {
    const here = at.reduce<unknown>((value, name) => Object(value)[name], whole)
    assert.match(lockProblem(replaced(whole, at, { ...Object(here), evil: 1 })) ?? '', /evil is not known/u)
  }
})

test('a member may be missing only where a lock of an earlier version had none', () => {
  const optional = new Set(['archives', 'python', 'publishedAt', 'source', 'staged', 'images', 'tag'])
  for (const place of places(whole).filter(path => path.length > 0 && !/^\d+$/u.test(path.at(-1) ?? ''))) {
    const name = place.at(-1) ?? ''
    const isEntry = ['packages', 'servers', 'images', 'dependencies', 'archives'].includes(place.at(-2) ?? '')
    const problem = lockProblem(replaced(whole, place, undefined))
    assert.equal(problem === undefined, optional.has(name) && !isEntry, place.join('.'))
  }
})

test('bounds hold, and names that mean something to JavaScript are no names', () => {
  const inFolder = (folder: string) => lockProblem({ ...whole, packages: { k: { ...stored, folder } } })
  for (const folder of ['..', '../x', '/x', 'a/b', '', 'A', `a${'b'.repeat(151)}`]) assert.ok(inFolder(folder), folder)
  assert.ok(lockProblem(JSON.parse('{"version":1,"packages":{"__proto__":{}},"servers":{}}')))
  assert.ok(lockProblem({ ...whole, servers: { a: { ...server, reviewDays: 90, previous: Array(21).fill('x') } } }))
  assert.ok(lockProblem({ ...whole, servers: { a: { ...server, reviewDays: 0 } } }))
  assert.ok(lockProblem({ ...whole, servers: { a: { ...server, reviewDays: 1, why: 'x'.repeat(5000) } } }))
})

test('anything at all is answered, and only a lock is a lock', () => {
  fc.assert(
    fc.property(fc.anything(), value => {
      assert.equal(isLock(value), false)
    }),
  )
})
