import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { auditFolder } from '../../test/audit/recorded.ts'
import { newChain, startEvent } from './chain-start.ts'
import { redactText } from './redact.ts'
import { signerOf } from './sign.ts'

test('chains that start in the same moment have names and locks of their own', t => {
  const folder = auditFolder(t)
  const chains = Array.from({ length: 10 }, () => newChain(folder, 1_763_831_540_123))
  assert.equal(new Set(chains.map(({ chain }) => chain)).size, 10)
  for (const { lock } of chains) lock.release()
})

test('the first record names the key, the ends of other chains, and what was torn', t => {
  const folder = auditFolder(t)
  const signer = signerOf(join(folder, 'key.pem'))
  const heads = [{ chain: 'c', sequence: 9, fingerprint: 'f'.repeat(64) }]
  const torn = [{ file: 'a.jsonl', bytes: 5, sha256: 'e'.repeat(64), kept: 'a.jsonl.torn' }]
  const { chain, lock } = newChain(folder, 1)
  const event = startEvent(
    { chain, lock, signer, recovered: { heads, torn, headFiles: [] } },
    { mode: 'durable', about: { version: redactText('1.2.3') } },
    7,
  )
  lock.release()
  assert.equal(event.severity, 'medium')
  assert.deepEqual(event.details['heads'], heads)
  assert.deepEqual(event.details['torn'], torn)
  assert.equal(event.details['key'], signer.key)
  assert.deepEqual(event.details['about'], { version: '1.2.3' })
})
