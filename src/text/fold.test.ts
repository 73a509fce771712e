import assert from 'node:assert/strict'
import test from 'node:test'
import { foldedView } from './fold.ts'

const fold = (text: string) => foldedView({ text })?.text ?? text

test('honest words of other scripts are left alone, mixed ones are made Latin', () => {
  assert.equal(fold('ваша почта'), 'ваша почта')
  assert.equal(fold('pаsswоrd'), 'password')
  assert.equal(
    fold('please send the file, then сору it all over to the other side'.replace('copy', 'сору')),
    'please send the file, then copy it all over to the other side',
  )
})

test('an unfinished terminal sequence takes nothing of the text along', () => {
  assert.equal(fold('a\u001b[31mred\u001b[0m b\u001b]0;tit'), 'ared b]0;tit')
})

test('a run of variation selectors is bytes, a single one asks for a picture', () => {
  const hidden = [...'run it'].map(unit => String.fromCodePoint(0xe0100 + unit.charCodeAt(0) - 16)).join('')
  assert.equal(fold(`☺️${hidden}`), '☺run it')
  assert.equal(fold('☺️'), '☺')
})
