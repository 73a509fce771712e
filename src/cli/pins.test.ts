import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { noPins, see } from '../trust/pin.ts'
import { readPinFile, writePinFile } from '../trust/pin-file.ts'
import { pinPath } from '../trust/pin-store.ts'
import { hashOf } from '../trust/surface-hash.ts'
import { pinId } from './pin-lines.ts'

const main = join(import.meta.dirname, 'main.ts')

test('pins are shown, and a file that cannot be believed is named and makes the answer incomplete', () => {
  const state = mkdtempSync(join(tmpdir(), 'pins-'))
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [main, 'pins', ...words], {
      env: { ...process.env, SALLYPORT_STATE: state, NODE_NO_WARNINGS: '1' },
      encoding: 'utf8',
      timeout: 20_000,
    })
  try {
    const path = join(state, 'pins', 'a.pins.json')
    writePinFile(path, {
      identity: 'files package:f',
      server: 'files',
      pins: { settled: [], pages: {}, items: new Map() },
    })
    const shown = run('show')
    assert.deepEqual([shown.status, shown.stdout], [0, 'files  package:f\n'])
    assert.equal(run('accept', 'files').status, 2)
    writeFileSync(path, '{}')
    const broken = run()
    assert.equal(broken.status, 3)
    assert.ok(broken.stderr.includes(path))
  } finally {
    rmSync(state, { recursive: true })
  }
})

test('where a name stood for another program before, what is named by its id is what is accepted', () => {
  const state = temporaryFolder()
  const folder = join(state, 'pins')
  const run = (...words: string[]) =>
    spawnSync(process.execPath, [main, 'pins', ...words], {
      ...{ env: { ...process.env, SALLYPORT_STATE: state, NODE_NO_WARNINGS: '1' }, encoding: 'utf8', timeout: 20_000 },
    })
  const waiting = (description: string) => {
    const item = { name: 'a', description }
    const part = { part: 'tools', name: 'a', index: 0, item, hash: hashOf(item), effects: ['read'] } as const
    const seen = { part: 'tools', isLast: true, absent: [], sightings: [{ item: part, found: ['x/y'] }] } as const
    return see(noPins, { ...seen, trust: 'scan', atMs: 5 })
  }
  for (const [identity, text] of [
    ['files program:/old.js', 'old'],
    ['files program:/new.js', 'new'],
  ] as const)
    writePinFile(pinPath(folder, identity), { identity, server: 'files', pins: waiting(text) })
  const both = run('accept', 'files', '--all')
  assert.deepEqual([both.status, /old\.js.*new\.js|new\.js.*old\.js/u.test(both.stderr)], [2, true], both.stderr)
  const id = pinId(hashOf({ name: 'a', description: 'new' }) ?? assert.fail())
  const listed = run('diff', '--json')
  assert.equal(listed.status, 1)
  const changes: { item: string; before: null; after: { definition: object }; found: string[] }[] = JSON.parse(
    listed.stdout,
  )
  assert.deepEqual(changes.find(({ item }) => item === `tools/a@${id}`)?.after.definition, {
    ...{ name: 'a', description: 'new' },
  })
  assert.deepEqual([changes.length, changes[0]?.before, changes[0]?.found], [2, null, ['x/y']])
  const accepted = run('accept', 'files', `tools/a@${id}`)
  assert.equal(accepted.status, 0, accepted.stderr)
  const read = readPinFile(pinPath(folder, 'files program:/new.js'))
  assert.ok(read?.ok === true && read.file.pins.items.get('tools/a')?.approved !== undefined)
  assert.equal(run('accept', 'files', '--all').status, 0, 'one is left that waits')
})
