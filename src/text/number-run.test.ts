import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { numberRuns } from './number-run.ts'

/** The same said as a pattern: what the hand-written search has to find. */
const pattern = /(?<![A-Za-z0-9_.,/:-])(?:\+|[A-Z]{1,6})?\(?[0-9](?:[ .\-()/]{0,2}[0-9A-Z]){5,33}(?![A-Za-z0-9_])/gu
/** Seven digits with no more than three other characters between two of them, or the length of an account. */
const sign = /[0-9](?:[^0-9]{0,3}[0-9]){6}|[A-Z]{2}[0-9]{2}(?:[^A-Z0-9]{0,2}[A-Z0-9]){11}/u

test('the search by hand finds what the pattern finds, whatever stands around', () => {
  const part = fc.oneof(
    fc.constantFrom('+', '(', ')', ' ', '  ', '-', '.', '/', ',', ':', '_', 'a', 'é', '😀', '\n', '1'.repeat(40)),
    fc.stringMatching(/^[A-Z]{0,8}$/u),
    fc.stringMatching(/^[0-9]{0,9}$/u),
    fc.stringMatching(/^[0-9 ()./-]{0,20}$/u),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 24 }), parts => {
      const text = parts.join('')
      const expected = [...text.matchAll(pattern)]
        .filter(([run]) => sign.test(run))
        .map(found => [found.index, found.index + found[0].length])
      assert.deepEqual(numberRuns(text), expected)
    }),
    { numRuns: 2000 },
  )
})

test('numbers are found with their prefix, parts of words and of other numbers are not', () => {
  const runs = (text: string) => numberRuns(text).map(span => text.slice(...span))
  assert.deepEqual(runs('call +49 (30) 901820, or GB29 NWBK 6016 1331 9268 19.'), [
    '+49 (30) 901820',
    'GB29 NWBK 6016 1331 9268 19',
  ])
  assert.deepEqual(runs('v1.2.3456789, abc123456789, 12345'), [])
})
