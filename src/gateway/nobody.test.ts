import assert from 'node:assert/strict'
import test from 'node:test'
import { nobody } from './nobody.ts'

test('without an approver the answer is never yes', async () => {
  const question = {} as Parameters<typeof nobody.ask>[0]
  assert.equal((await nobody.ask(question, new AbortController().signal)).kind, 'nobody')
})
