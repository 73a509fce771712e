import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { ServerName, SessionId } from '../core/brand.ts'
import { newRestStore, pageOf, type Rest, readRestUri, restLimits, restUri } from './rest.ts'

const [ann, bob] = ['ann' as SessionId, 'bob' as SessionId]
const rest = (text: string, pageChars = 10): Rest => ({
  server: 'files' as ServerName,
  tool: 'read',
  args: null,
  text,
  pageChars,
})

test('the pages of a rest, put together, are the rest, and none splits a character', () => {
  const unit = fc.constantFrom('a', 'é', '😀', '\n', '漢')
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 200 }), fc.integer({ min: 2, max: 17 }), (units, chars) => {
      const whole = rest(units.join(''), chars)
      const pages: string[] = []
      for (let n = 2; ; n++) {
        const page = pageOf(whole, n)
        if (page === undefined) break
        assert.ok(page.text.isWellFormed())
        pages.push(page.text)
      }
      assert.equal(pages.join(''), whole.text)
    }),
  )
})

test('there is no page before the second, and none beyond the last', () => {
  assert.equal(pageOf(rest('x'.repeat(20)), 1), undefined)
  assert.deepEqual(pageOf(rest('x'.repeat(20)), 3), { text: 'x'.repeat(10), pages: 3 })
  assert.equal(pageOf(rest('x'.repeat(20)), 4), undefined)
})

test('a session finds only its own rests, and only for a while', () => {
  const store = newRestStore()
  const id = store.keep(ann, rest('secret of ann'), 0) ?? ''
  assert.equal(store.find(ann, id, 1)?.text, 'secret of ann')
  assert.equal(store.find(bob, id, 1), undefined)
  assert.equal(store.find(ann, id, restLimits.lifeMs), undefined)
})

test('rests are bounded by their number, by their size and in all; the oldest goes first', () => {
  const store = newRestStore({ perSession: 2, chars: 30, oneChars: 20, lifeMs: 1000 })
  assert.equal(store.keep(ann, rest('x'.repeat(21)), 0), undefined)
  const ids = [1, 2, 3].map(n => store.keep(ann, rest(`${n}`.repeat(5)), 0) ?? '')
  assert.deepEqual(
    ids.map(id => store.find(ann, id, 1)?.text),
    [undefined, '22222', '33333'],
  )
  const other = store.keep(bob, rest('x'.repeat(20)), 0) ?? ''
  assert.equal(store.find(bob, other, 1)?.text.length, 20)
  store.keep(bob, rest('y'.repeat(20)), 0)
  assert.equal(store.find(ann, ids[1] ?? '', 1), undefined)
  assert.equal(store.find(bob, other, 1), undefined)
})

test('a uri is read back as it was written, and no other spelling is', () => {
  const id = crypto.randomUUID()
  assert.deepEqual(readRestUri(restUri(id, 2)), { id, page: 2 })
  for (const other of [
    `sallyport://rest/${id}`,
    `${restUri(id, 2)}&x`,
    restUri(id, 2).toUpperCase(),
    7,
    restUri('../x', 2),
  ])
    assert.equal(readRestUri(other), undefined)
})
