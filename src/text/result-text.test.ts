import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { messageOf } from '../../test/situation.ts'
import { applyEdits } from '../core/edit.ts'
import type { Json } from '../core/json.ts'
import { resultItems, resultTexts, truncate } from './result-text.ts'

const result = (texts: readonly string[]) =>
  messageOf({
    kind: 'tool.result',
    tool: 't',
    args: {},
    result: { content: texts.map((text): Json => ({ type: 'text', text })) },
  })

test('texts of tools, resources and prompts are found with the item that bears them', () => {
  const tool = messageOf({
    kind: 'tool.result',
    tool: 't',
    args: {},
    result: { content: [{ type: 'image', data: 'A' }, { text: 'a' }, { resource: { text: 'b' } }, null, 'c'] },
  })
  assert.deepEqual(resultTexts(tool), [
    { item: '/result/content/1', at: '/result/content/1/text', text: 'a' },
    { item: '/result/content/2', at: '/result/content/2/resource/text', text: 'b' },
  ])
  assert.equal(resultItems(tool).length, 5)
  const prompt = messageOf({
    kind: 'prompt.result',
    prompt: 'p',
    result: { messages: [{ content: { text: 'a' } }, { content: [{ text: 'b' }] }, { content: 'c' }, {}] },
  })
  assert.deepEqual(
    resultTexts(prompt).map(({ item, at }) => [item, at]),
    [
      ['/result/messages/0', '/result/messages/0/content/text'],
      ['/result/messages/1/content/0', '/result/messages/1/content/0/text'],
    ],
  )
  assert.deepEqual(resultTexts(messageOf({ kind: 'tool.call', tool: 't', args: { text: 'x' } })), [])
})

test('what is kept is the head of all texts together, and a notice says how much there was', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 8 }), fc.nat(60), (texts, max) => {
      const message = result(texts)
      const cut = truncate(resultTexts(message), max)
      const all = texts.join('')
      if (all.length <= max) return assert.equal(cut, undefined)
      const after = applyEdits({ result: message.payload }, cut?.edits ?? []) as {
        result: { content: { text: string }[] }
      }
      const [kept = '', notice = ''] = after.result.content
        .map(({ text }) => text)
        .join('')
        .split('\n[Sallyport kept ')
      assert.ok(all.startsWith(kept) && kept.length <= max && kept.length >= max - 1)
      assert.ok(notice.startsWith(`${kept.length} of ${all.length} characters`))
    }),
  )
})

test('a cut never leaves half of a character behind', () => {
  const message = result(['ab😀cd'])
  const after = JSON.stringify(applyEdits({ result: message.payload }, truncate(resultTexts(message), 3)?.edits ?? []))
  assert.ok(after.includes('"ab\\n[Sallyport kept 2 of 6'), after)
})
