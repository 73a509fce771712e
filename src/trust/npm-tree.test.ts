import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { readLaidOut, treeProblem } from './npm-tree.ts'

const integrity = `sha512-${'x'.repeat(86)}==`
const inside = (name: string, version = '1.0.0') => JSON.stringify({ name, version })

/** What the checks say of a tree: the manifests on the disk by folder, and what npm's lock has of each. */
function says(manifests: Record<string, string>, packages: Record<string, object>): string {
  const files = Object.entries(manifests).map(([path, text]) => [join(path, 'package.json'), text])
  const folder = layOut({ ...Object.fromEntries(files), 'package-lock.json': JSON.stringify({ packages }) })
  return treeProblem(folder, readLaidOut(folder)) ?? 'fine'
}

const a = 'node_modules/a'
const laid = { version: '1.0.0', integrity }

test('a tree whose packages are what the lock calls them is fine, also where one is for another system', () => {
  const b = 'node_modules/a/node_modules/@s/b'
  const packages = { '': {}, [a]: laid, [b]: laid, 'node_modules/only-mac': { ...laid, optional: true } }
  assert.equal(says({ [a]: inside('a', 'v1.0.0'), [b]: inside('@s/b') }, packages), 'fine')
  assert.equal(says({ [a]: inside('z') }, { [a]: { ...laid, name: 'z' } }), 'fine')
})

test('a folder outside of the tree, and one that no list names, are named', () => {
  for (const path of ['../a', 'node_modules/../a', 'node_modules/a/../../..', '/etc', 'node_modules'])
    assert.match(says({}, { [path]: laid }), /lies outside/u)
  assert.match(says({ [a]: inside('a'), 'node_modules/@s/b': inside('@s/b') }, { [a]: laid }), /@s\/b came inside/u)
})

test('every way to name a dependency that is not of the registry is refused where it was installed', () => {
  const tree = { [a]: inside('a'), 'node_modules/b': inside('b') }
  const wanting = (spec: string) => ({ [a]: { ...laid, dependencies: { b: spec } }, 'node_modules/b': laid })
  for (const spec of [
    ...['git+ssh://git@h/x.git', 'github:u/r', 'u/r', 'u/r#semver:^1', 'http://127.0.0.1/b.tgz', 'file:../b', '../b'],
    ...['/b', 'b.tgz', 'link:../b', 'workspace:*', '..', 'npm:@s/b@git+https://h/x', 'git@h:u/r.git', '\\\\h\\b'],
  ])
    assert.match(says(tree, wanting(spec)), /a takes b from an address of its own/u, spec)
  for (const spec of ['1.0.0', '^1', '>=1 <2 || 3.x', 'latest', '', '*', '~1.2.3-beta.1+b', 'npm:b@1', 'npm:@s/b@^1'])
    assert.equal(says(tree, wanting(spec)), 'fine', spec)
  assert.equal(says({ [a]: inside('a') }, { [a]: { ...laid, peerDependencies: { b: 'u/r' } } }), 'fine')
})

test('under a list of the author only the archive that the registry has for the version is taken', () => {
  const under = `${a}/node_modules/b`
  const tree = { [a]: inside('a'), [under]: inside('b') }
  const at = (resolved: string, own = 'http://127.0.0.1:1/npm/a/-/a-1.0.0.tgz') =>
    says(tree, { [a]: { ...laid, resolved: own, hasShrinkwrap: true }, [under]: { ...laid, resolved } })
  assert.equal(at('http://127.0.0.1:1/npm/b/-/b-1.0.0.tgz'), 'fine')
  for (const other of [
    'http://127.0.0.1:1/other/b/-/b-1.0.0.tgz',
    'http://127.0.0.1:1/npm/c/-/b-1.0.0.tgz',
    'http://127.0.0.1:1/npm/b/-/b-1.0.1.tgz',
    'http://127.0.0.1:1/npm.evil/b/-/b-1.0.0.tgz',
    'https://elsewhere.example/b/-/b-1.0.0.tgz',
  ])
    assert.match(at(other), /address of its own/u, other)
  assert.match(at('http://127.0.0.1:1/x/b/-/b-1.0.0.tgz', 'http://127.0.0.1:1/x/download/a'), /address of its own/u)
})
