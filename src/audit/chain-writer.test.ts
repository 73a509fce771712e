import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { auditFolder, callEvent, chainFiles } from '../../test/audit/recorded.ts'
import { ChainWriter } from './chain-writer.ts'
import { signerOf } from './sign.ts'

const chain = '20261122T171220123-abcd'
const nowMs = Date.UTC(2026, 10, 22)

test('what was taken back is gone, and the chain goes on from the mark', async t => {
  const folder = auditFolder(t)
  const writer = new ChainWriter({ folder, chain, signer: signerOf(join(folder, 'key.pem')), rotateBytes: 1e6 }, nowMs)
  writer.write([callEvent(1)], nowMs)
  const mark = writer.mark()
  writer.write([callEvent(2), callEvent(3)], nowMs)
  assert.equal(writer.head.sequence, 3)
  writer.backTo(mark)
  assert.equal(writer.head.sequence, 1)
  assert.equal(writer.unsigned, 1)
  writer.write([callEvent(4)], nowMs)
  await writer.sync()
  writer.close()
  const lines = readFileSync(chainFiles(folder)[0] ?? '', 'utf8')
    .trimEnd()
    .split('\n')
  assert.deepEqual(
    lines.map(line => JSON.parse(line).details.n),
    [1, 4],
  )
  assert.equal(JSON.parse(lines[1] ?? '').prev_event, JSON.parse(lines[0] ?? '').fingerprint)
})

test('nothing is signed twice, and an abandoned file is followed by a new one of the same chain', t => {
  const folder = auditFolder(t)
  const writer = new ChainWriter({ folder, chain, signer: signerOf(join(folder, 'key.pem')), rotateBytes: 1e6 }, nowMs)
  writer.write([callEvent(1)], nowMs)
  writer.checkpoint(nowMs)
  writer.checkpoint(nowMs)
  assert.equal(writer.head.sequence, 2)
  writer.abandon(nowMs)
  writer.write([callEvent(2)], nowMs)
  writer.close()
  assert.equal(chainFiles(folder).length, 2)
  assert.equal(writer.head.sequence, 3)
})
