import assert from 'node:assert/strict'
import test from 'node:test'
import { parse } from 'yaml'
import type { ProposedPermission } from '../trust/source-audit.ts'
import { proposedPiece } from './proposed-piece.ts'

const proposed: ProposedPermission = {
  schema: 1,
  net: { hosts: ['api.example.com'] },
  env: { API_KEY: '${env:API_KEY}', TEAMCITY_VERSION: '${env:TEAMCITY_VERSION}' },
  children: 'none',
  reason: 'proposed from the source',
}
const piece = (environment: Record<string, string>) =>
  proposedPiece({ name: 'notes', words: ['npx', '-y', 'notes-mcp@1.0.0'], proposed, environment })

test('a piece of configuration refers to no variable that is not there, and names those that the source reads', () => {
  const text = piece({ API_KEY: 'hunter2', OTHER: 'x' })
  assert.deepEqual(parse(text).servers.notes, {
    command: ['npx', '-y', 'notes-mcp@1.0.0'],
    permissions: { net: { hosts: ['api.example.com'] }, children: 'none', env: { API_KEY: '${env:API_KEY}' } },
  })
  assert.match(text, /^# it also reads TEAMCITY_VERSION: /mu)
  assert.doesNotMatch(text, /hunter2|OTHER/u)
})

test('where nothing else is read nothing else is said', () => {
  assert.doesNotMatch(piece({ API_KEY: 'a', TEAMCITY_VERSION: 'b' }), /also reads/u)
})
