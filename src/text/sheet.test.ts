import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { type Json, valueAt } from '../core/json.ts'
import { leavesOf } from './leaves.ts'
import { joinedFields, sheetOf } from './sheet.ts'
import { originOf } from './view.ts'

test('fields stand below each other, keys before values, without what the protocol writes', () => {
  const payload = { content: [{ type: 'text', text: 'one' }], structuredContent: { city: 'Bern', note: 'two' } }
  assert.equal(sheetOf(leavesOf({ root: '', payload })).text, 'one\ncity: Bern\nnote: two\n')
})

test('a span that crosses fields leads to each of them', () => {
  const leaves = leavesOf({ root: '/result', payload: { content: [{ text: 'abc' }, { text: 'def' }] } })
  assert.deepEqual(sheetOf(leaves).placesOf([1, 6]), [
    { at: '/result/content/0/text', span: [1, 3], isKey: false },
    { at: '/result/content/1/text', span: [0, 2], isKey: false },
  ])
})

test('every place holds exactly the text of the sheet', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), fc.nat(20), (value, start, length) => {
      const payload: Json = JSON.parse(JSON.stringify(value))
      const sheet = sheetOf(leavesOf({ root: '', payload }))
      const from = sheet.text === '' ? 0 : start % sheet.text.length
      for (const { at, span, isKey } of sheet.placesOf([from, Math.min(sheet.text.length, from + length)])) {
        const text = isKey ? at : String(valueAt(payload, at)).slice(...span)
        if (!isKey) assert.ok(sheet.text.includes(text))
      }
    }),
  )
})

test('a word split over fields is joined and leads back to both', () => {
  const leaves = leavesOf({ root: '', payload: { content: [{ text: 'ign' }, { text: 'ore' }] } })
  const sheet = sheetOf(leaves)
  const joined = joinedFields({ text: sheet.text }, sheet)
  assert.equal(joined?.text, 'ignore')
  assert.deepEqual(
    sheet.placesOf(originOf(joined, [0, 6])).map(({ at }) => at),
    ['/content/0/text', '/content/1/text'],
  )
})
