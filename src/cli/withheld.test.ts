import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { environment, sallyport } from '../../test/fixtures/gateway.ts'
import { newWithheldStore } from '../gateway/withheld-store.ts'

test('a person sees what waits without being fooled by it, releases it and takes it back', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'))
  try {
    const env = { ...process.env, ...environment(folder), SALLYPORT_STATE: folder, NODE_NO_WARNINGS: '1' }
    const run = (...words: string[]) => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [sallyport, 'withheld', ...words], { env })
      return { out: stdout.toString(), err: stderr.toString(), status }
    }
    assert.deepEqual(run('list'), { out: '', err: 'nothing is withheld\n', status: 0 })
    assert.deepEqual(run('list', '--json'), { out: '', err: '', status: 0 })
    assert.match(run('show', 'x').err, /sallyport withheld list shows what is/u)
    const text = JSON.stringify({ content: [{ type: 'text', text: 'a\u200bb\u202e \u001b[31mred' }] })
    const answer = { tenant: 'local', principal: 'ann', server: 'mail', about: 'The answer of read', rules: ['x/y'] }
    const store = newWithheldStore(join(folder, 'withheld'))
    const kept = store.withhold({ ...answer, atMs: Date.now(), text })
    assert.ok(kept.state === 'kept')
    assert.match(run().out, new RegExp(`^${kept.id} .* waits +The answer of read, for ann: x/y`, 'u'))
    const shown = run('show', kept.id).out
    assert.match(shown, /a⟨U\+200B⟩b⟨U\+202E⟩/u)
    assert.ok(!shown.includes('\u001b'))
    const { id, about, answer: whole } = JSON.parse(run('show', kept.id, '--json').out)
    assert.deepEqual([id, about, whole], [kept.id, answer.about, JSON.parse(text)])
    assert.match(run('release', kept.id).err, /released for a day/u)
    assert.equal(store.withhold({ ...answer, atMs: Date.now(), text }).state, 'released')
    assert.equal(run('drop', kept.id).status, 0)
    const approvals = spawnSync(process.execPath, [sallyport, 'audit', 'query', '--kind', 'approval', '--json'], {
      env,
    })
    const events = approvals.stdout.toString().match(/"event":"[^"]+","answer":"[^"]+"/gu) ?? []
    assert.deepEqual(events, [
      `"event":"answer released","answer":"${kept.id}"`,
      `"event":"answer dropped","answer":"${kept.id}"`,
    ])
    assert.equal(store.withhold({ ...answer, atMs: Date.now(), text }).state, 'kept')
    assert.equal(run('release', '../../etc/passwd').status, 2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
