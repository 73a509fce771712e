import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { decodedRuns } from './encoded.ts'

const read = (text: string) => decodedRuns({ text }).view?.text

test('runs that hold text are decoded, each on its line', () => {
  const one = Buffer.from('first hidden text').toString('base64')
  const two = Buffer.from('second hidden text').toString('hex')
  assert.deepEqual(read(`a ${one} b ${two}`)?.trim().split('\n').sort(), ['first hidden text', 'second hidden text'])
})

test('digests, pictures, identifiers and paths are not text', () => {
  for (const text of [
    'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'id 123e4567-e89b-12d3-a456-426614174000 in /usr/lib/node_modules/typescript/lib/typescript',
    randomBytes(3000).toString('base64'),
    'getElementsByTagNameNS_internalRepresentation',
  ])
    assert.equal(read(text), undefined)
})

test('what is too large to unpack is counted', () => {
  assert.equal(decodedRuns({ text: gzipSync(Buffer.alloc(1_000_000, 'abc ')).toString('base64') }).left, 1)
})
