import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { type Line, readLines } from './read-lines.ts'

async function linesOf(t: TestContext, text: string, from?: { offset: number; number: number }): Promise<Line[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-lines-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'a'), text)
  return (await Array.fromAsync(readLines(join(folder, 'a'), from))).flat()
}

test('lines come with number and end, across chunks, the last one marked when it is not whole', async t => {
  const long = 'ü'.repeat(200_000)
  const lines = await linesOf(t, `one\n${long}\n\nhalf`)
  assert.deepEqual(
    lines.map(({ number, text, isWhole, end }) => [number, text.length, isWhole, end]),
    [
      [1, 3, true, 4],
      [2, 200_000, true, 400_005],
      [3, 0, true, 400_006],
      [4, 4, false, 400_010],
    ],
  )
  assert.equal(lines[1]?.text, long)
})

test('reading can begin behind a line that was read', async t => {
  const lines = await linesOf(t, 'one\ntwo\n', { offset: 4, number: 1 })
  assert.deepEqual(lines, [{ number: 2, text: 'two', end: 8, isWhole: true }])
})

test('a line without end does not fill the memory', async t => {
  const [line, next] = await linesOf(t, `${'x'.repeat(3_000_000)}\nnext\n`)
  assert.ok((line?.text.length ?? 0) <= 262_144 * 4 + 262_144)
  assert.equal(line?.end, 3_000_001)
  assert.equal(next?.text, 'next')
})
