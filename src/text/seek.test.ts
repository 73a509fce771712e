import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { seekerOf } from './seek.ts'

test('every place of every sign is met, in order, and then the end of the text', () => {
  const texts = fc
    .array(fc.constantFrom('a', '<', '-', '>', '\\', '日'), { maxLength: 60 })
    .map(units => units.join(''))
  fc.assert(
    fc.property(texts, text => {
      const signs = ['<', '-->', '\\']
      const next = seekerOf(text, signs)
      const met: number[] = []
      for (let at = next(0); at < text.length; at = next(at + 1)) met.push(at)
      const expected = [...text].flatMap((_, at) => (signs.some(sign => text.startsWith(sign, at)) ? [at] : []))
      assert.deepEqual(met, expected)
    }),
  )
})
