import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { writePinFile } from '../trust/pin-file.ts'

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
