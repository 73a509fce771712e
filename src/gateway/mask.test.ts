import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, sceneOf, sessionOf, toolOf } from '../../test/situation.ts'
import type { JsonObject } from '../core/json.ts'
import type { Decision } from '../core/verdict.ts'
import { frameOf } from '../wire/envelope.ts'
import { maskMarks, unmasked, withMasks } from './mask.ts'
import { newMaskVault } from './mask-vault.ts'

const session = sessionOf().id
const within = { vault: newMaskVault(Buffer.alloc(32, 7)), session, nowMs: 0 }
const rule = 'secrets/github-token'
const allow: Decision = { verdict: { kind: 'allow' }, because: [], findings: [] }

function cut(result: JsonObject, at: string, put = '[redacted: token, 6 chars]', outputSchema?: JsonObject) {
  const edit = { at, from: 4, to: 10, put }
  const body = { kind: 'tool.result', tool: 't', args: {}, result } as const
  const tool = toolOf({ name: 't', ...(outputSchema && { outputSchema }) })
  const judged = {
    message: messageOf(body),
    scene: sceneOf({ tool }),
    frame: frameOf({ kind: 'result', id: 1, result }),
  }
  const decision: Decision = { ...allow, verdict: { kind: 'rewrite', edits: [edit] }, masks: [{ edit, rule }] }
  const { verdict } = withMasks(decision, judged, within)
  const [after] = verdict.kind === 'rewrite' ? verdict.edits : []
  return after !== undefined && 'put' in after ? after.put : undefined
}

const inText = { content: [{ type: 'text', text: 'key SESAME!' }] }
const placeholder = cut(inText, '/result/content/0/text') ?? ''

test('a masked cut leaves a placeholder of exactly what was cut', () => {
  assert.match(placeholder, /^masked_secrets-github-token_[\w-]{22}$/u)
  assert.deepEqual(within.vault.reveal(session, placeholder, 1), { rule, text: 'SESAME' })
})

test('a value spread over places, and one whose schema refuses a placeholder, is cut for good', () => {
  assert.equal(cut(inText, '/result/content/0/text', ''), '')
  assert.equal(cut(inText, '/result/content/0/text', '******'), '******')
  const structured = { structuredContent: { key: 'key SESAME!' } }
  const short = { type: 'object', properties: { key: { type: 'string', maxLength: 40 } } }
  assert.equal(cut(structured, '/result/structuredContent/key', '[redacted: token]', short), '[redacted: token]')
  const open = { type: 'object', properties: { key: { type: 'string' } } }
  assert.match(cut(structured, '/result/structuredContent/key', '[redacted: token]', open) ?? '', /^masked_/u)
})

function sent(args: JsonObject, unmask?: readonly string[]) {
  const frame = frameOf({ kind: 'request', id: 1, method: 'tools/call', params: { name: 't', arguments: args } })
  const shown = unmasked(frame, { ...allow, ...(unmask && { unmask }) }, within)
  return { frame, shown, text: Buffer.from(shown.bytes).toString() }
}

test('a value comes back only where policy names the rule that found it, wherever it stands in the arguments', () => {
  const args = { a: `Bearer ${placeholder}`, deep: [{ b: placeholder }], [placeholder]: 'a name' }
  const { text } = sent(args, ['secrets/*'])
  assert.match(text, /"a":"Bearer SESAME","deep":\[\{"b":"SESAME"\}\]/u)
  assert.ok(text.includes(`"${placeholder}":"a name"`), 'names of members stay')
  for (const unmask of [undefined, ['pii/*'], []] as const) {
    const { frame, shown } = sent(args, unmask)
    assert.equal(shown, frame)
  }
})

test('a placeholder that nobody made stays what it is', () => {
  const { frame, shown } = sent({ a: placeholder.replace(/.{3}$/u, 'AAA') }, ['*'])
  assert.equal(shown, frame)
})

test('a placeholder that is spelled with escapes is marked like any that turns back', () => {
  const bytes = Buffer.from(`{"name":"t","arguments":{"a":"${placeholder.replace('m', '\\u006d')}"}}`)
  const payload = JSON.parse(bytes.toString())
  const message = messageOf({ kind: 'tool.call', tool: 't', args: payload.arguments })
  assert.match(sent(payload.arguments, ['*']).text, /SESAME/u)
  assert.deepEqual(
    maskMarks(message, bytes, within).map(({ rule }) => rule),
    [rule],
  )
})

test('marks tell the placeholders of this session from those that stand for nothing', () => {
  const forged = `masked_pii-card_${'A'.repeat(22)}`
  const message = messageOf({ kind: 'tool.call', tool: 't', args: { a: `x ${placeholder}`, b: forged } })
  const marks = maskMarks(message, Buffer.from(JSON.stringify(message.payload)), within)
  assert.deepEqual(marks, [
    { at: '/params/arguments/a', span: [2, 2 + placeholder.length], rule },
    { at: '/params/arguments/b', span: [0, forged.length] },
  ])
})
