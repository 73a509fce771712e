import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { applyChange, undoChange } from '../../src/sandbox/apply-change.ts'
import { realPathOf } from '../../src/sandbox/real-path.ts'
import { changeId, reviewStage } from '../../src/sandbox/review.ts'
import { stageFolder, stagesIn, strayedIn } from '../../src/sandbox/staging.ts'
import { layOut, temporaryFolder } from '../temporary.ts'
import { attackerBinary, skipC as skip } from './sandbox/play.ts'

function scene() {
  const root = realPathOf(layOut({ 'sub/keep.txt': 'mine' }))
  assert.ok(root)
  const folder = temporaryFolder()
  const staged = stageFolder({ path: root, from: root }, folder)
  assert.ok(staged.ok)
  const outside = temporaryFolder()
  return { root, folder, outside, stage: staged.stage, at: (path: string) => join(staged.stage.copy, path) }
}

const rounds = 1000

for (const path of ['sub/planted.txt', 'sub/new/planted.txt'])
  test(`whoever swaps folders while ${path} is taken over or taken back never gets it written, or removed, elsewhere`, {
    skip,
    timeout: 60_000,
  }, async t => {
    const { root, outside, stage, at } = scene()
    mkdirSync(join(outside, 'new'))
    symlinkSync(outside, join(root, 'aside'))
    mkdirSync(at('sub/new'), { recursive: true })
    writeFileSync(at(path), 'planted')
    const change = reviewStage(stage).changes.find(change => change.path === path)
    assert.ok(change)
    const racer = spawn(attackerBinary('swapper'), [join(root, 'sub'), join(root, 'aside'), '1'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    const outcomes = { applied: 0, undone: 0 }
    try {
      for (let i = 0; i < rounds; i++) {
        if (tried(() => applyChange(stage, change))) outcomes.applied++
        if (tried(() => undoChange(stage, path, changeId(change)))) outcomes.undone++
        assert.deepEqual([readdirSync(outside), readdirSync(join(outside, 'new'))], [['new'], []])
      }
      assert.equal(racer.exitCode, null, 'it was swapping all the time')
    } finally {
      racer.stdin.end()
      await once(racer, 'exit')
    }
    t.diagnostic(JSON.stringify(outcomes))
  })

/** A folder that goes away under our hands is a failure of the disk, which is as good as a refusal. */
function tried(act: () => { readonly ok: boolean }): boolean {
  try {
    return act().ok
  } catch {
    return false
  }
}

test('a staged folder whose place leads elsewhere by now is neither shown nor taken over there, and is named', () => {
  const { root, folder, outside, at } = scene()
  writeFileSync(at('authorized_keys'), 'planted')
  assert.equal(stagesIn(folder).length, 1)
  rmSync(root, { recursive: true })
  symlinkSync(outside, root)
  assert.deepEqual(stagesIn(folder), [])
  assert.deepEqual(strayedIn(folder), [root])
})
