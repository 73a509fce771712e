import assert from 'node:assert/strict'
import test from 'node:test'
import type { JsonObject } from '../core/json.ts'
import { hasApproved, resembled } from './pin-near-miss.ts'
import type { Pin } from './pin-record.ts'
import { hashOf } from './surface-hash.ts'
import type { SurfaceItem } from './surface-item.ts'

const hash = hashOf({}) ?? assert.fail()
const approved = (item: JsonObject): Pin => ({
  rejected: [],
  approved: { hash, atMs: 0, effects: [], by: 'ann', item },
})
const body = { description: 'Reads a file from the project folder and returns its text.' }
const items = new Map([
  ['tools/read_file', approved({ name: 'read_file', ...body })],
  ['tools/admin', approved({ name: 'admin' })],
])
const seen = (name: string, rest: JsonObject = {}): SurfaceItem => ({
  part: 'tools',
  name,
  index: 0,
  item: { name, ...rest },
  hash,
  effects: [],
})

test('case, separators, other scripts, widths and twins of letters do not hide a name', () => {
  for (const fake of [
    'readFile',
    'read-file',
    'rеad_file',
    'ｒｅａｄ_file',
    'read_\u200bfile',
    'read_fiIe',
    'réad_file',
  ])
    assert.deepEqual(resembled(items, seen(fake)), { standing: 'lookalike', was: 'read_file' }, fake)
  assert.equal(resembled(items, seen('adrnin'))?.was, 'admin')
})

test('other names are other names', () => {
  for (const other of ['write_file', 'read_files', 'list', 'read'])
    assert.equal(resembled(items, seen(other)), undefined, other)
})

test('the same body under another name is a rename; a short description is shared by chance', () => {
  assert.deepEqual(resembled(items, seen('fetch', body)), { standing: 'renamed', was: 'read_file' })
  assert.equal(
    resembled(
      new Map([['tools/a', approved({ name: 'a', description: 'Runs.' })]]),
      seen('b', { description: 'Runs.' }),
    ),
    undefined,
  )
})

test('what only waits is nothing that can be imitated', () => {
  const waiting = new Map<string, Pin>([['tools/read_file', { rejected: [] }]])
  assert.deepEqual([hasApproved(waiting), resembled(waiting, seen('readFile'))], [false, undefined])
})
