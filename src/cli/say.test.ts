import assert from 'node:assert/strict'
import test from 'node:test'
import { print, printJson, say } from './say.ts'

test('words go to stderr, a line each, and never to stdout', t => {
  const out = t.mock.method(process.stdout, 'write', () => true)
  const err = t.mock.method(process.stderr, 'write', () => true)
  say('one')
  say('two')
  const words = err.mock.calls.map(({ arguments: [text] }) => String(text)).join('')
  assert.deepEqual([words, out.mock.callCount()], ['one\ntwo\n', 0])
})

test('what others wrote cannot drive the terminal on either stream, nor make a line of its own of what is asked for', t => {
  const out = t.mock.method(process.stdout, 'write', () => true)
  const err = t.mock.method(process.stderr, 'write', () => true)
  const hostile = 'a\u001b]0;x\u0007\u009b2J\r\u202e\nb'
  say(hostile)
  print(hostile, 'c')
  const shown = 'a\\u{1b}]0;x\\u{7}\\u{9b}2J\\r\\u{202e}'
  assert.equal(err.mock.calls[0]?.arguments[0], `${shown}\nb\n`)
  assert.equal(out.mock.calls[0]?.arguments[0], `${shown}\\nb\nc\n`)
})

test('data for programs is the same value to them, and cannot drive the terminal either', t => {
  const out = t.mock.method(process.stdout, 'write', () => true)
  const value = { name: 'a\u001b[2J\u009b2J\u202e\u{e0041}\u200d\n', lines: ['ä', '\u{1f600}'] }
  printJson(value)
  const text = String(out.mock.calls[0]?.arguments[0])
  assert.deepEqual(JSON.parse(text), value)
  assert.doesNotMatch(text, /[^\P{C}\n]/u)
  assert.match(text, /ä",\s+"\u{1f600}/u)
})
