import assert from 'node:assert/strict'
import test from 'node:test'
import { unescapedView } from './unescape.ts'

const read = (text: string) => unescapedView({ text })?.text ?? text

test('references and escapes of each notation are read', () => {
  assert.equal(read('&#105;&#x67;&lt;b&gt; \\u0069\\x67\\u{6e} %69%67 a\\nb'), 'ig<b> ign ig a\nb')
  assert.equal(read('caf%C3%A9 \\ud83d\\ude00'), 'café 😀')
})

test('what is no escape stays: percentages, unknown names, invalid bytes', () => {
  for (const text of ['100%, 5%ff and %ff', 'AT&T &unknown; &#0;', 'C:\\Users\\admin']) assert.equal(read(text), text)
})
