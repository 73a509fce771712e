import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { proves } from '../../test/guide/proves.ts'
import { framedResult, newNonce } from './frame-text.ts'

const frame = (text: string, nonce = newNonce()) => {
  const result = { content: [{ type: 'text', text }], structuredContent: { text } }
  return framedResult(result, { from: 'mail/read', findings: [], nonce })
}

function textOf(result: ReturnType<typeof frame>): string {
  return JSON.parse(JSON.stringify(result)).content[0].text
}

test('no text can end its frame early or open another', proves('T1.frame'), () => {
  const forged = fc.constantFrom('⟦end of data', '⟧', '⟦data', 'x', '\n')
  fc.assert(
    fc.property(fc.array(fc.oneof(forged, fc.string())), parts => {
      const nonce = newNonce()
      const text = textOf(frame(parts.join(' '), nonce))
      assert.equal(text.split('⟦').length, 3)
      assert.ok(text.startsWith(`⟦data ${nonce} from mail/read`) && text.endsWith(`\n⟦end of data ${nonce}⟧`))
    }),
  )
})

test('structured content, pictures and files keep every byte', () => {
  const items = [
    { type: 'image', data: 'AA==', mimeType: 'image/png' },
    { type: 'resource', resource: { uri: 'x:/', text: 'a' } },
  ]
  const result = { content: items, structuredContent: { a: '⟦' } }
  assert.deepEqual(framedResult(result, { from: 's', findings: [], nonce: 'n' }), result)
})

test('two frames never bear the same number', () => {
  assert.notEqual(newNonce(), newNonce())
})
