import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import { placedOnce, plainViewsOf } from './plain-views.ts'
import { secretsIn } from './secret-scan.ts'

const key = `ghp_${'q7Lm2XzR9b'.repeat(4)}`

test('a key in base64 is found in answers and in arguments, and leads back to the encoded text', () => {
  const packed = Buffer.from(`token ${key} end of it`).toString('base64')
  const answer = messageOf({
    kind: 'tool.result',
    tool: 't',
    args: {},
    result: { content: [{ type: 'text', text: `see ${packed}` }] },
  })
  const call = messageOf({ kind: 'tool.call', tool: 't', args: { body: `see ${packed}` } })
  for (const message of [answer, call]) {
    const views = plainViewsOf(message)
    const [placed] = placedOnce(views, secretsIn)
    assert.equal(placed?.found.kind, 'github-token')
    const [from, to] = placed?.origin ?? [0, 0]
    assert.ok(packed.includes(views.sheet.text.slice(from, to)))
  }
})

test('the same place seen in several views is one', () => {
  const message = messageOf({ kind: 'tool.call', tool: 't', args: { body: `<b>${key}</b> &amp; more` } })
  assert.equal(placedOnce(plainViewsOf(message), secretsIn).length, 1)
})
