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
