import assert from 'node:assert/strict'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { auditFolder, chainFiles, editLines, recordChain } from '../../test/audit/recorded.ts'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'
import { headFrom } from './audit-verify.ts'

const here = layOut({ 'no.pub': 'nothing' })
const audit = (...words: string[]) => command(['audit', ...words], { folder: here })

async function copied(t: TestContext): Promise<{ folder: string; key: string; file: string; end: string }> {
  const original = auditFolder(t)
  await recordChain(original, 10)
  const key = join(here, 'kept.pub')
  writeFileSync(key, readFileSync(join(original, 'signing-key.pem.pub')))
  const folder = auditFolder(t)
  for (const file of chainFiles(original)) cpSync(file, join(folder, file.slice(original.length + 1)))
  const { code, out, err } = await audit('verify', '--folder', original)
  assert.equal(code, 0, err)
  const [, end = ''] = /^newest end, .*: (\S+)$/mu.exec(out) ?? []
  return { folder, key, file: chainFiles(folder)[0] ?? '', end }
}

test('a copy on another machine verifies with the key and the end that were kept, and not once its end is cut off', async t => {
  const { folder, key, file, end } = await copied(t)
  const words = ['verify', '--folder', folder, '--key', key]
  const whole = await audit(...words, '--expect', end)
  assert.deepEqual([whole.code, whole.err], [0, ''])
  assert.match(whole.out, /^intact: \d+ records in 1 chain, key [0-9a-f]+ \(given\)\n/u)
  editLines(file, lines => lines.slice(0, 8))
  const alone = await audit(...words)
  assert.match(alone.out, /^without an end: 1 chain /mu)
  const expected = await audit(...words, '--expect', end)
  assert.equal(expected.code, 1)
  assert.match(expected.err, /truncated: it ends at record 8; elsewhere it is noted that it had \d+/u)
})

test('query, tail and export name what they left out because it was changed, and are not complete', async t => {
  const { folder, file } = await copied(t)
  editLines(file, lines => lines.map((line, i) => (i === 2 ? line.replace('"severity":"', '"severity":"x') : line)))
  for (const words of [['query'], ['tail'], ['export', '--format', 'csv']]) {
    const { code, err } = await audit(...words, '--folder', folder)
    assert.equal(code, 3, words[0])
    assert.match(
      err,
      /\.jsonl:3: left out: it is not the record that was written\n1 record left out; sallyport audit verify/u,
    )
  }
})

test('an empty folder proves nothing, one that is missing is said, and so is a key that is none', async t => {
  const empty = auditFolder(t)
  const missing = join(empty, 'missing')
  const [nothing, gone, noKey, lostKey, noEnd] = await Promise.all([
    audit('verify', '--folder', empty),
    audit('query', '--folder', missing),
    audit('verify', '--folder', empty, '--key', 'no.pub'),
    audit('verify', '--folder', empty, '--key', 'lost.pub'),
    audit('verify', '--folder', empty, '--expect', 'yesterday'),
  ])
  assert.deepEqual([nothing.code, nothing.out, gone.code, gone.out], [3, '', 3, ''])
  assert.match(nothing.err, /nothing that could be proved/u)
  assert.match(gone.err, /^no record in .*missing: nothing was recorded yet, or it lies elsewhere \(--folder\)\n$/u)
  assert.deepEqual([noKey.code, lostKey.code, noEnd.code], [2, 2, 2])
  assert.match(noKey.err, /no\.pub: is no public key/u)
  assert.match(lostKey.err, /lost\.pub: cannot be read/u)
  assert.match(noEnd.err, /chain:sequence:fingerprint/u)
  rmSync(empty, { recursive: true, force: true })
})

test('an end is read as it is printed, and nothing else is one', () => {
  const fingerprint = 'a1'.repeat(32)
  assert.deepEqual(headFrom(`20261123T082027912-a011937d:25:${fingerprint}`), {
    ...{ chain: '20261123T082027912-a011937d', sequence: 25, fingerprint },
  })
  for (const text of ['', 'x:1:2', `20261123T082027912-a011937d:x:${fingerprint}`, `../../x:1:${fingerprint}`])
    assert.equal(headFrom(text), undefined)
})
