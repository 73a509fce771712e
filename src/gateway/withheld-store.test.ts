import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import {
  dropWithheld,
  newWithheldStore,
  readWithheld,
  releaseWithheld,
  withheldBounds,
  withheldIn,
} from './withheld-store.ts'

const answer = {
  ...{ tenant: 'local', principal: 'ann', server: 'mail', about: 'The answer of read on mail' },
  ...{ rules: ['injection/override'], atMs: 1000, text: '{"content":[]}' },
}

function inFolder(check: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-withheld-'))
  try {
    check(join(folder, 'withheld'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('a release lets exactly that answer through, for that principal, and for a day', () =>
  inFolder(folder => {
    const store = newWithheldStore(folder)
    const kept = store.withhold(answer)
    assert.ok(kept.state === 'kept')
    assert.deepEqual(store.withhold(answer), kept)
    releaseWithheld(folder, kept.id, 2000)
    assert.equal(store.withhold({ ...answer, atMs: 3000 }).state, 'released')
    for (const other of [{ text: '{"content":[1]}' }, { principal: 'bob' }, { server: 'web' }, { about: 'another' }])
      assert.equal(store.withhold({ ...answer, ...other }).state, 'kept', JSON.stringify(other))
    assert.equal(store.withhold({ ...answer, atMs: 3000 + withheldBounds.lifeMs }).state, 'kept')
  }))

test('answers lie in files of their user alone, are bounded in number and length, and end', () =>
  inFolder(folder => {
    const store = newWithheldStore(folder)
    for (let i = 0; i < withheldBounds.answers + 20; i++) store.withhold({ ...answer, text: `${i}`, atMs: 1000 + i })
    const names = readdirSync(folder)
    assert.equal(names.length, withheldBounds.answers)
    for (const name of names.slice(0, 3)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600)
    assert.equal(store.withhold({ ...answer, text: 'x'.repeat(withheldBounds.chars + 1) }).state, 'lost')
    assert.deepEqual(withheldIn(folder, 5000 + withheldBounds.lifeMs), [])
  }))

test('what cannot be kept is lost and never taken for released', () =>
  inFolder(folder => {
    writeFileSync(folder, 'a file where the folder should be')
    assert.equal(newWithheldStore(folder).withhold(answer).state, 'lost')
  }))

test('an id is nothing but an id: no path leads out of the folder', () =>
  inFolder(folder => {
    for (const id of ['../x', '', 'a'.repeat(31), `${'a'.repeat(32)}/..`]) {
      assert.equal(readWithheld(folder, id, 0), undefined)
      assert.equal(releaseWithheld(folder, id, 0), undefined)
      dropWithheld(folder, id)
    }
  }))
