import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import type { ServerName } from '../core/brand.ts'
import type { Finding } from '../core/finding.ts'
import { isAlways, isNothing, remembered, rememberedBounds } from './remembered.ts'

const answer = (result: object) => messageOf({ kind: 'tool.result', tool: 'read', args: {}, result: { ...result } })
const textAnswer = (text: string) => answer({ content: [{ type: 'text', text }] })
const found = (rule: string): Finding => ({ rule, severity: 'low', confidence: 'certain', at: '', facts: {} })

/** Asks once, and says whether it was searched for anew. */
function asker(options: object = {}) {
  let searches = 0
  return (
    message: ReturnType<typeof answer>,
    { isRepeatable = isAlways as typeof isNothing, findings = [found('a/b')] } = {},
  ) => {
    const before = searches
    const told = remembered({ message, options }, isRepeatable, () => {
      searches++
      return findings
    })
    return { isSearched: searches > before, told }
  }
}

test('the same strings at the same places are searched once, and told alike', () => {
  const ask = asker()
  assert.equal(ask(textAnswer('one')).isSearched, true)
  const again = ask(textAnswer('one'))
  assert.equal(again.isSearched, false)
  assert.deepEqual(again.told, [found('a/b')])
})

test('other strings, places, kinds, roots and options are searched for themselves', () => {
  const ask = asker()
  ask(answer({ content: [{ type: 'text', text: 'one two' }] }))
  const others = [
    textAnswer('one  two'),
    answer({
      content: [
        { type: 'text', text: 'one' },
        { type: 'text', text: ' two' },
      ],
    }),
    answer({ content: [{ type: 'text', title: 'one two' }] }),
    answer({ content: [{ type: 'text', 'one two': 'text' }] }),
    answer({ content: [{ text: 'one two', type: 'text' }] }),
    { ...textAnswer('one two'), root: '/error' },
    messageOf({ kind: 'resource.content', uri: 'a:b', result: { content: [{ type: 'text', text: 'one two' }] } }),
  ]
  for (const other of others) assert.equal(ask(other).isSearched, true, JSON.stringify(other.payload))
  const different = asker({})
  assert.equal(different(textAnswer('one two')).isSearched, true)
  // Who asks, and of which server, has no part in it.
  assert.equal(ask({ ...textAnswer('one two'), id: 'm2', server: 'mail' as ServerName }).isSearched, false)
})

test('no list of strings is written like another one', () => {
  const ask = asker()
  const parts = ['a', 'b v1 1 ', ' v8 1 /content/0b', 'k', '1 1', '']
  for (const one of parts)
    for (const two of parts) assert.equal(ask(answer({ [`x${one}`]: two, [`y${two}`]: one })).isSearched, true)
})

test('half surrogate pairs have no digest: two such texts are not one', () => {
  const ask = asker()
  for (const text of ['\ud800', '\ud801', '\ud800', 'a\udc00']) assert.equal(ask(textAnswer(text)).isSearched, true)
})

test('what else had a part in is asked when findings are kept and when they are told', () => {
  const ask = asker()
  const message = textAnswer('an order')
  assert.equal(ask(message, { isRepeatable: isNothing }).isSearched, true)
  assert.equal(ask(message, { isRepeatable: isNothing }).isSearched, true)
  assert.equal(ask(message).isSearched, true)
  assert.equal(ask(message).isSearched, false)
  assert.equal(ask(message, { isRepeatable: isNothing }).isSearched, true)
})

test('a search that breaks is not remembered', () => {
  const options = {}
  const message = textAnswer('breaks')
  const broken = () =>
    remembered({ message, options }, isAlways, () => {
      throw new Error('broken')
    })
  assert.throws(broken)
  assert.throws(broken)
  assert.equal(asker(options)(message).isSearched, true)
})

test('memory is bounded: the longest unused goes first, and large findings are not kept', () => {
  const ask = asker()
  for (let i = 0; i < rememberedBounds.messages; i++) ask(textAnswer(`text ${i}`))
  assert.equal(ask(textAnswer('text 0')).isSearched, false)
  ask(textAnswer('one more'))
  assert.equal(ask(textAnswer('text 0')).isSearched, false)
  assert.equal(ask(textAnswer('text 1')).isSearched, true)
  const many = Array.from({ length: rememberedBounds.findings + 1 }, (_, i) => found(`a/${i}`))
  const edits = Array.from({ length: rememberedBounds.edits + 1 }, (_, i) => ({ at: '', from: i, to: i + 1, put: '' }))
  for (const findings of [many, [{ ...found('a/b'), fix: edits }]]) {
    const text = `large ${findings.length}`
    ask(textAnswer(text), { findings })
    assert.equal(ask(textAnswer(text), { findings }).isSearched, true)
  }
})
