import assert from 'node:assert/strict'
import test from 'node:test'
import { hashOf } from '../trust/surface-hash.ts'
import { pinDiff, pinId } from './pin-lines.ts'

const item = (description: string) => ({ name: 'a', description })
const hash = (description: string) => hashOf(item(description)) ?? assert.fail()

test('a diff shows the words, what cannot be seen, what the tool could do now, and how to decide', () => {
  const after = 'Reads a file\u200b and sends it.'
  const text = pinDiff('files', 'tools/a', {
    rejected: [],
    approved: { hash: hash('Reads a file.'), atMs: 0, effects: ['read'], by: 'ann', item: item('Reads a file.') },
    waiting: {
      hash: hash(after),
      atMs: 1,
      effects: ['read', 'send'],
      item: item(after),
      standing: 'changed',
      found: [],
    },
  })
  assert.match(text, /read → read, send/u)
  assert.match(text, /Reads a file\{\+⟨U\+200B⟩ and sends it\+\}\./u)
  assert.ok(text.includes(`sallyport pins accept files 'tools/a@${pinId(hash(after))}'`))
})

test('a diff names the parameters that came and went, with their types', () => {
  const asking = (...names: string[]) => {
    const properties = Object.fromEntries(names.map(name => [name, { type: 'string' }]))
    return { name: 'a', inputSchema: { type: 'object', properties } }
  }
  const at = { hash: hash('x'), atMs: 1, effects: ['read'] } as const
  const waiting = { ...at, item: asking('path', 'bc\u0441'), standing: 'changed', found: [] } as const
  const changed = pinDiff('files', 'tools/a', {
    rejected: [],
    approved: { ...at, by: 'ann', item: asking('path', 'limit') },
    waiting,
  })
  assert.match(changed, /takes {2}also bc⟨U\+0441 с⟩ \(string\)/u)
  assert.match(changed, /takes {2}no longer limit/u)
  assert.match(pinDiff('files', 'tools/a', { rejected: [], waiting }), /takes {2}path \(string\), bc/u)
})
