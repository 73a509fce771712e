import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { createObservation } from './observation.ts'
import { drift, smallestDocument } from './smallest-document.ts'

const place = { command: ['node', 'server.js'], home: '/home/ann', code: ['/home/ann/app'] }

function run(what: { reads?: string[]; writes?: string[]; hosts?: string[]; children?: string[] }) {
  const seen = createObservation()
  for (const kind of ['reads', 'writes', 'hosts', 'children'] as const)
    for (const value of what[kind] ?? []) seen[kind].set(value, 'seen')
  return seen
}

test('the document holds what was used, nothing that every sandbox has, and nothing that none may have', () => {
  const many = Array.from({ length: 20 }, (_, i) => `/data/set/${i}.csv`)
  const seen = run({
    reads: [
      '/usr/lib/x.so',
      '/etc/hosts',
      '/proc/self/maps',
      '/home/ann/app/server.js',
      '/data',
      '/data/one.txt',
      ...many,
    ],
    writes: ['/srv/out/a/b.txt', '/srv/out/c.txt', '/home/ann/.bashrc'],
    hosts: ['api.example.com:443', '127.0.0.1:5432'],
    children: ['/usr/bin/git'],
  })
  const { document, evidence, leftOut } = smallestDocument(seen, place)
  assert.deepEqual(document, {
    command: ['node', 'server.js'],
    files: { read: ['/data/one.txt', '/data/set'], write: ['/srv/out'] },
    net: { hosts: ['api.example.com:443'] },
    children: ['git'],
  })
  assert.ok(evidence.every(({ because }) => because.length > 0))
  assert.deepEqual(
    leftOut.map(({ value }) => value),
    ['/home/ann', '127.0.0.1:5432'],
  )
})

test('a home folder is never given because many of its files were read', () => {
  const seen = run({ reads: Array.from({ length: 20 }, (_, i) => `/home/ann/.secret${i}`) })
  assert.equal(smallestDocument(seen, place).document.files.read.includes('/home/ann'), false)
})

test('the run that a document was learnt from never drifts from it; another does, by name', proves('E.attest'), () => {
  const first = run({
    reads: ['/data/a'],
    writes: ['/srv/out/x'],
    hosts: ['api.example.com:443'],
    children: ['/usr/bin/git'],
  })
  const { document } = smallestDocument(first, place)
  assert.deepEqual(drift(document, first, place), [])
  const later = run({
    reads: ['/data/a', '/home/ann/.ssh/id_rsa'],
    hosts: ['api.example.com:443', 'evil.example:443', '127.0.0.1:80'],
    children: ['/usr/bin/curl'],
  })
  assert.deepEqual(
    drift(document, later, place).map(({ kind, value }) => `${kind} ${value}`),
    ['read /home/ann/.ssh/id_rsa', 'host evil.example:443', 'child curl', 'host 127.0.0.1:80'],
  )
})
