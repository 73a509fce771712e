import assert from 'node:assert/strict'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { isScript, loadedFiles, namedBy, namedByManifests } from './loaded-files.ts'

test('names of places are followed from where they are written, and names of packages are not', () => {
  assert.deepEqual(namedBy('lib/a.js', ['./b', '../c.txt', 'zod', 'node:fs', '..', '.hidden']), ['lib/b', 'c.txt', '.'])
})

test('files are taken once, where they are there and no other reader has them', () => {
  const there = new Set(['a.txt', 'b.js', 'c.json', 'd.node'])
  assert.deepEqual(loadedFiles(there, ['a.txt', 'a.txt', 'b.js', 'c.json', 'd.node', '../e', '/etc/passwd']), ['a.txt'])
  assert.deepEqual(['a.js', 'a.mjs', 'a.cjs', 'a.ts', 'js'].map(isScript), [true, true, true, false, false])
})

test('a manifest names its entries however deep, and a broken or endless one names none', () => {
  const manifest = {
    main: './m',
    bin: { x: 'b.txt' },
    exports: { '.': [{ node: './e.dat' }] },
    imports: { '#i': './i' },
  }
  const deep = `{"exports":${'['.repeat(5000)}${']'.repeat(5000)}}`
  const folder = layOut({ 'p/package.json': JSON.stringify(manifest), 'q/package.json': '{', 'r/package.json': deep })
  const paths = ['p/package.json', 'q/package.json', 'r/package.json', 'p/x.js']
  assert.deepEqual(namedByManifests(folder, paths), ['p/m', 'p/b.txt', 'p/e.dat', 'p/i'])
})
