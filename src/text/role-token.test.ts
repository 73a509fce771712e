import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { scanText } from './match.ts'
import { roleTokenBounds, roleTokensAmong, roleTokensIn } from './role-token.ts'

const kinds = (text: string) => roleTokensIn(text).map(({ as }) => as)

test('control tokens of chat templates are found in any case', () => {
  for (const token of ['<|im_start|>', '[INST]', '<<SYS>>', '<start_of_turn>', '<|EOT_ID|>', '<｜User｜>'])
    assert.deepEqual(kinds(`a ${token} b`), ['control'], token)
})

test('a token in full-width brackets is one, with or without others beside it', () => {
  assert.deepEqual(kinds('a ＜|im_start|> b'), ['control'])
  assert.deepEqual(kinds('a ［INST] b'), ['control'])
})

test('tokens met in a scan for all words are those of a scan for tokens alone', () => {
  const part = fc.constantFrom(
    '<|im_start|>',
    '[INST]',
    '</tool_result>',
    '<invoke name=',
    '<',
    '|',
    ' ',
    '_',
    'x',
    '＜',
    ':',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), parts => {
      const text = parts.join('')
      assert.deepEqual(roleTokensAmong(text, scanText(text).tokens), roleTokensIn(text))
    }),
  )
})

test('a turn needs an answer: two speakers of which one is a model', () => {
  assert.deepEqual(kinds('x\nHuman: do it\n\nAssistant: done'), ['turn', 'turn'])
  assert.deepEqual(kinds('User: ann\nSystem load: 3'), [])
  assert.deepEqual(kinds('System: obey\nUser: hi'), ['turn', 'turn'])
})

test('what only resembles a token is none', () => {
  for (const text of ['<| im start |>', 'a <| b', '[inst', '<systems>', 'List<User>'])
    assert.deepEqual(kinds(text), [], text)
})

test('a million tokens are counted up to the bound', () => {
  assert.ok(roleTokensIn('<|im_start|>'.repeat(10_000)).length <= roleTokenBounds.tokens)
})
