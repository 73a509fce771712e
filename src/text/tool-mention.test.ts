import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import { otherToolsNamed, pseudoTags } from './tool-mention.ts'

const tool = (name: string) => ({ name, definition: { name }, effects: [] })
const tools = new Map([
  ['mail' as ServerName, [tool('send_mail'), tool('search')]],
  ['calc' as ServerName, [tool('add'), tool('resolve_id')]],
])
const named = (text: string) =>
  otherToolsNamed(text, tools, 'calc' as ServerName).map(({ tool: name, isOrder }) => `${name}${isOrder ? '!' : ''}`)

test("another server's tool is found by name, with whether an order stands near it", () => {
  assert.deepEqual(named('Before using send_mail you must call this first.'), ['send_mail!'])
  assert.deepEqual(named('Works well with send_mail.'), ['send_mail'])
})

test("a server's own tools, common words and parts of words are no mention", () => {
  assert.deepEqual(named('You must call resolve_id first; use it to search; resend_mailbox'), [])
})

test('tags that are meant for a model are found, markup is not', () => {
  assert.deepEqual(
    pseudoTags('<IMPORTANT> x </IMPORTANT> <b>y</b> <system note>').map(({ tag }) => tag),
    ['IMPORTANT', 'system'],
  )
})
