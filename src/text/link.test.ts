import assert from 'node:assert/strict'
import test from 'node:test'
import { linkBounds, linksIn } from './link.ts'

const links = (text: string) => linksIn(text).links

test('addresses end where the sentence goes on', () => {
  const text = 'See (https://a.example/x_(y)), https://b.example/z. And <https://c.example>.'
  assert.deepEqual(
    links(text).map(({ url }) => url),
    ['https://a.example/x_(y)', 'https://b.example/z', 'https://c.example'],
  )
})

test('what is fetched when shown is told from what is followed, with the whole construct to cut', () => {
  const text = 'a ![p](https://a.example/p.png) b <img alt="x" src="https://b.example/q"/> c [l](https://c.example)'
  assert.deepEqual(
    links(text).map(({ whole, isFetched, isBare }) => [text.slice(...whole), isFetched, isBare]),
    [
      ['![p](https://a.example/p.png)', true, false],
      ['<img alt="x" src="https://b.example/q"/>', true, false],
      ['https://c.example', false, false],
    ],
  )
})

test('a text of nothing but links is read up to the bound, and says so', () => {
  const { links: found, left } = linksIn('https://a.example/ '.repeat(linkBounds.links + 10))
  assert.equal(found.length, linkBounds.links)
  assert.equal(left, 1)
})
