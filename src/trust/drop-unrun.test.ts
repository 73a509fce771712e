import assert from 'node:assert/strict'
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { dropUnrun } from './drop-unrun.ts'
import { readTree } from './file-tree.ts'

const files = {
  'package.json': '{}',
  'note.d.ts': 'not in node_modules',
  'node_modules/a/package.json': '{}',
  'node_modules/a/dist/index.js': '',
  'node_modules/a/dist/index.js.map': '',
  'node_modules/a/dist/index.d.ts': '',
  'node_modules/a/types/deep/x.d.mts': '',
  'node_modules/a/types/deep/x.d.cts.map': '',
  'node_modules/a/src/index.ts': 'Node runs this one',
  'node_modules/a/docs/tools.md': 'servers show their documentation',
  'node_modules/a/data/world.map': 'data',
}

test('types and maps go, folders that held nothing else go with them, and all that could run or be read stays', () => {
  const folder = layOut(files)
  assert.equal(dropUnrun(folder), 4)
  const tree = readTree(folder)
  assert.ok(tree.ok)
  assert.deepEqual(
    tree.files.map(({ path }) => path),
    Object.keys(files)
      .filter(path => !/dist\/.*(?:\.map|\.d\.ts)$|types/u.test(path))
      .toSorted(),
  )
  assert.ok(!existsSync(join(folder, 'node_modules/a/types')))
})

test('beside a compiler everything stays, and a tree with a link is left for the one who refuses it', () => {
  assert.equal(dropUnrun(layOut({ ...files, 'node_modules/typescript/lib/lib.d.ts': '' })), 0)
  const folder = layOut(files)
  symlinkSync('/etc', join(folder, 'node_modules/a/link'))
  assert.equal(dropUnrun(folder), 0)
  assert.ok(existsSync(join(folder, 'node_modules/a/dist/index.d.ts')))
})
