import assert from 'node:assert/strict'
import test from 'node:test'
import { createObservation } from '../egress/observation.ts'
import { readPermission } from '../sandbox/permission.ts'
import { documentOf, lineOf, optionOf } from './document-line.ts'

function permission(value: unknown) {
  const reading = readPermission(value, { cwd: '/proj', home: '/home/ann' })
  assert.ok(reading.ok)
  return reading.permission
}

test('a line of a document is one that the document can be read with', () => {
  const cases = [
    ['read', '/data/a "b"', 'files.read: ["/data/a \\"b\\""]'],
    ['write', '/data', 'files.write: ["/data"]'],
    ['child', 'git', 'children: ["git"]'],
    ['host', 'api.example:443', 'net.hosts: ["api.example:443"]'],
    ['name', 'api.example', 'net.hosts: ["api.example"]'],
  ] as const
  for (const [kind, value, line] of cases) assert.equal(lineOf({ kind, value, because: '' }), line)
})

test('hosts are compared with their port, and whoever may start anything starts nothing new', () => {
  const seen = createObservation()
  seen.children.set('/usr/bin/git', 'execve')
  const net = { hosts: ['api.example'] }
  const document = documentOf(permission({ net, children: 'any' }), ['a'], seen)
  assert.deepEqual([document.net, document.children], [{ hosts: ['api.example:443'] }, ['/usr/bin/git']])
  assert.deepEqual(documentOf(permission({}), ['a'], seen).children, 'none')
})

test('an option is one that exec reads', () => {
  assert.equal(optionOf({ kind: 'write', value: '/data' }), '--write /data')
  assert.equal(optionOf({ kind: 'host', value: '*.example.com:443' }), "--net '*.example.com:443'")
  assert.equal(optionOf({ kind: 'child', value: 'git' }), '--child git')
})
