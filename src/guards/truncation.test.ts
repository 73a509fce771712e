import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { messageOf, play } from '../../test/situation.ts'
import { applyEdits } from '../core/edit.ts'
import type { Json } from '../core/json.ts'
import { truncation } from './truncation.ts'

const result = (content: Json) => messageOf({ kind: 'tool.result', tool: 't', args: {}, result: { content } })

test('an answer that is too long keeps its head and ends with a notice of what is missing', proves('T6.size'), () => {
  const message = result([
    { type: 'text', text: 'a'.repeat(60) },
    { type: 'text', text: 'b'.repeat(60) },
    { type: 'text', text: 'c'.repeat(60) },
    { type: 'image', data: 'AAAA', mimeType: 'image/png' },
  ])
  const [finding] = play(truncation, { options: { textCharsMax: 100 } })(message)
  assert.deepEqual(
    [finding?.rule, finding?.facts, finding?.at],
    ['truncation/text', { total: 180, kept: 100 }, '/result/content/1/text'],
  )
  const after = applyEdits({ result: message.payload }, finding?.fix ?? []) as {
    result: { content: { text: string; type: string }[] }
  }
  const [a, b, image, ...rest] = after.result.content
  assert.deepEqual([a?.text, image?.type, rest], ['a'.repeat(60), 'image', []])
  assert.match(b?.text ?? '', /^b{40}\n\[Sallyport kept 100 of 180 characters of this answer\. Ask for less/u)
})

test('items beyond the bound are left out', () => {
  const message = result(Array.from({ length: 7 }, (_, i) => ({ type: 'text', text: String(i) })))
  const [finding] = play(truncation, { options: { itemsMax: 5 } })(message)
  const after = applyEdits({ result: message.payload }, finding?.fix ?? []) as { result: { content: unknown[] } }
  assert.deepEqual([after.result.content.length, finding?.facts], [5, { total: 7, kept: 5 }])
})

test('structured content that is too large has no fix: cutting it would break its shape', () => {
  const message = messageOf({
    kind: 'tool.result',
    tool: 't',
    args: {},
    result: { content: [], structuredContent: { rows: ['x'.repeat(600_000)] } },
  })
  const [finding] = play(truncation)(message)
  assert.deepEqual([finding?.rule, finding?.fix], ['truncation/structured', undefined])
})
