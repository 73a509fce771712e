import assert from 'node:assert/strict'
import test from 'node:test'
import { parseExpressionAt } from 'acorn'
import { foldText, unknownPart } from './source-constant.ts'

const fold = (source: string) =>
  foldText(parseExpressionAt(source, 0, { ecmaVersion: 'latest' }), new Map([['host', 'a.invalid']]))

test('texts that obfuscators cut up are put together again', () => {
  assert.equal(fold("'a' + 'b'"), 'ab')
  assert.equal(fold('`x${host}y`'), 'xa.invalidy')
  assert.equal(fold("['a', 'b'].join('-')"), 'a-b')
  assert.equal(fold("'cba'.split('').reverse().join('')"), 'abc')
  assert.equal(fold("atob('YWI=')"), 'ab')
  assert.equal(fold("Buffer.from('6162', 'hex').toString()"), 'ab')
  assert.equal(fold('String.fromCharCode(97, 98)'), 'ab')
  assert.equal(fold("'a'.concat('b', host)"), 'aba.invalid')
})

test('what is only known at run time is marked, not guessed', () => {
  assert.equal(fold("'https://' + x"), `https://${unknownPart}`)
  assert.equal(fold('`${x}.invalid`'), `${unknownPart}.invalid`)
  assert.equal(fold('x()'), undefined)
  assert.equal(fold('1 + 2'), undefined)
})
