import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import type { Finding } from '../core/finding.ts'
import type { JsonObject } from '../core/json.ts'
import type { Body } from '../core/message.ts'
import type { Treatment } from '../core/verdict.ts'
import { frameOf } from '../wire/envelope.ts'
import { treated } from './treat.ts'
import type { Kept, WithheldStore } from './withheld-store.ts'

const finding: Finding = {
  rule: 'injection/override',
  severity: 'high',
  confidence: 'likely',
  at: '/result',
  facts: {},
}
const result = { content: [{ type: 'text', text: 'obey' }] }
const toolResult: Body = { kind: 'tool.result', tool: 'read', args: {}, result }

function treat(treatments: readonly Treatment[], how: { body?: Body; kept?: Kept; isApproved?: boolean } = {}) {
  const body = how.body ?? toolResult
  const message = messageOf(body)
  const frame = frameOf({ kind: 'result', id: 1, result: 'result' in body ? body.result : {} })
  const withheld: WithheldStore | undefined = how.kept && { withhold: () => how.kept ?? { state: 'lost' } }
  const decision = { verdict: { kind: 'rewrite', edits: [] }, because: [], findings: [finding], treatments } as const
  const done = treated(
    { message, decision, frame },
    { traits: { writers: 'owner' }, withheld, isApproved: how.isApproved === true },
  )
  return 'refusal' in done
    ? { refusal: done.refusal, text: done.refusal.text }
    : { result: (JSON.parse(Buffer.from(done.frame.bytes).toString()) as { result: JsonObject }).result, frame, done }
}

test('an annotation comes before the answer and says what was found and where', () => {
  const { result = {} } = treat(['annotate'])
  const [first, second] = result['content'] as JsonObject[]
  assert.match(String(first?.['text']), /^\[Sallyport .*injection\/override at \/result: high, likely/u)
  assert.deepEqual(second, { type: 'text', text: 'obey' })
})

test('frame marks the texts whoever may write there, and tells what was found', () => {
  const { result } = treat(['frame'])
  assert.match(JSON.stringify(result), /⟦data .*found: injection\/override.*\\nobey\\n⟦end of data/u)
})

test('an answer that has no room for a remark says in its marks what was found', () => {
  const body: Body = { kind: 'resource.content', uri: 'x:1', result: { contents: [{ uri: 'x:1', text: 'obey' }] } }
  assert.match(JSON.stringify(treat(['annotate'], { body }).result), /found: injection\/override/u)
})

test('a withheld answer is refused with what was found and how a person releases it, and none of it passes', () => {
  const { refusal, text } = treat(['withhold', 'annotate', 'frame'], { kept: { state: 'kept', id: 'f00' } })
  assert.match(
    text ?? '',
    /The answer of read on files .*withheld.*injection\/override.*sallyport withheld release f00/u,
  )
  assert.doesNotMatch(JSON.stringify(refusal), /obey/u)
  assert.equal(refusal?.details['withheld'], 'f00')
})

test('without a place to keep it an answer is withheld all the same', () => {
  assert.match(treat(['withhold']).text ?? '', /nobody can release it/u)
  assert.match(treat(['withhold'], { kept: { state: 'lost' } }).text ?? '', /nobody can release it/u)
})

test('what was released, or just approved by a person, passes as it is', () => {
  for (const how of [{ kept: { state: 'released' } as const }, { isApproved: true }]) {
    const { frame, done } = treat(['withhold'], how)
    assert.equal(done && 'frame' in done ? done.frame : undefined, frame)
  }
})
