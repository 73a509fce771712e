import assert from 'node:assert/strict'
import test from 'node:test'
import { say } from './say.ts'

test('words go to stderr, a line each, and never to stdout', t => {
  const out = t.mock.method(process.stdout, 'write', () => true)
  const err = t.mock.method(process.stderr, 'write', () => true)
  say('one')
  say('two')
  const words = err.mock.calls.map(({ arguments: [text] }) => String(text)).join('')
  assert.deepEqual([words, out.mock.callCount()], ['one\ntwo\n', 0])
})
