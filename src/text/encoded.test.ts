import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { gzipSync } from 'node:zlib'
import { fc } from '../../test/property.ts'
import { decodedRuns } from './encoded.ts'
import { traitsOf } from './traits.ts'

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

test('texts that are let off because they hold few words of two letters hold no hex in pairs', () => {
  const separator = fc.constantFrom(' ', ':', ',', '-', '\\x', ', 0x', ',0x', '. ', '')
  const pair = fc.constantFrom('69', '67', '6e', '20', '7A', '6', 'g9')
  const around = fc.constantFrom('', 'a', '4', ' the ', '0x', '\\x', 'z')
  const hex = fc.tuple(separator, fc.array(pair, { minLength: 8, maxLength: 14 })).map(([by, pairs]) => pairs.join(by))
  fc.assert(
    fc.property(around, hex, around, (before, written, after) => {
      const text = `${before}${written}${after}`
      assert.equal(decodedRuns({ text }, traitsOf(text)).view?.text, read(text))
    }),
    { numRuns: 3000 },
  )
})

test('UTF-16 in base64 is read where a word of another script stands among its first', () => {
  const run = Buffer.from(`please read ௿ 送 送 пошли ${'send '.repeat(20)}`, 'utf16le').toString('base64')
  assert.match(read(run) ?? '', /^please read ௿ 送 送 пошли send/u)
})

test('what base64 holds is read in every script and width, however the run is broken', () => {
  const words = fc.constantFrom('send', 'пошли', '送', ' ', '.', 'clé', '😀', 'the file', '\u0080', '\u0bff')
  const texts = fc.array(words, { minLength: 16, maxLength: 60 }).map(all => `please read ${all.join(' ')}`)
  fc.assert(
    fc.property(texts, fc.constantFrom('utf8', 'utf16le'), fc.constantFrom(0, 21, 24, 60), (text, as, line) => {
      const run = Buffer.from(text, as).toString('base64').replace(/=+$/u, '')
      const written = line === 0 ? run : run.replaceAll(new RegExp(`.{${line}}(?=.)`, 'gu'), '$&\n')
      const letters = [...text].filter(unit => /[a-z]/iu.test(unit)).length
      if (letters * 2 >= text.length) assert.equal(read(`a ${written}`)?.startsWith('please read'), true)
    }),
  )
})
