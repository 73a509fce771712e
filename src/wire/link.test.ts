import assert from 'node:assert/strict'
import test from 'node:test'
import { LinkError } from './link.ts'

test('a link error carries its code and its cause', () => {
  const cause = new Error('ECONNRESET')
  const error = new LinkError('closed', 'the server went away', cause)
  assert.deepEqual([error.name, error.code, error.cause], ['LinkError', 'closed', cause])
})
