import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { type ZipPart, zipFile } from '../../test/zip-file.ts'
import { readZip } from './zip.ts'

const limits = { files: 50, bytes: 1_000_000, depth: 10 }

function says(archive: Buffer): string {
  const zip = readZip(archive, limits)
  if (!zip.ok) return zip.reason
  const problems = zip.entries.map(entry => entry.read()).flatMap(read => ('problem' in read ? [read.problem] : []))
  return problems[0] ?? 'fine'
}

test('whatever honest archives hold comes out as it went in', () => {
  const step = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/u).filter(text => !/^(?:con|prn|aux|nul)$/u.test(text))
  const path = fc.array(step, { minLength: 1, maxLength: 4 }).map(steps => `d/${steps.join('/')}.py`)
  const files = fc.uniqueArray(fc.tuple(path, fc.uint8Array({ maxLength: 500 })), {
    maxLength: 8,
    selector: ([name]) => name,
  })
  fc.assert(
    fc.property(files, parts => {
      const zip = readZip(zipFile(parts.map(([name, body]) => ({ path: name, body: Buffer.from(body) }))), limits)
      assert.ok(zip.ok, JSON.stringify(zip))
      const out = zip.entries.map(entry => entry.read())
      assert.deepEqual(
        out.map(read => ('bytes' in read ? [read.path, [...read.bytes]] : read)),
        parts.map(([name, body]) => [name, [...body]]),
      )
    }),
    { numRuns: 100 },
  )
})

for (const path of [
  '../up.py',
  'a/../../up.py',
  '/etc/x',
  'C:/x',
  'a\\..\\b',
  'a//b',
  './a',
  'a/./b',
  'a\u0000b',
  'con.py',
  'a/NUL',
  'a.',
  'a /b',
  'x:stream',
  'a\nb',
  `${'d/'.repeat(12)}f`,
  'n'.repeat(500),
])
  test(`the path ${JSON.stringify(path).slice(0, 30)} is refused`, () => {
    assert.match(says(zipFile([{ path, body: 'x' }])), /path|folder|file name|character/u)
  })

const fine: ZipPart = { path: 'a.py', body: 'print(1)' }

for (const [what, archive, why] of [
  ['a link', zipFile([{ ...fine, mode: 0o120777 }]), /link or a device/u],
  ['a device', zipFile([{ ...fine, mode: 0o020666 }]), /link or a device/u],
  ['an encrypted entry', zipFile([{ ...fine, lies: { flags: 1 } }]), /encrypted/u],
  ['an unknown packing', zipFile([{ ...fine, lies: { method: 14 } }]), /packed in a way/u],
  ['a name that differs inside', zipFile([{ ...fine, lies: { localName: 'b.py' } }]), /overlaps/u],
  ['one name twice', zipFile([fine, fine]), /twice/u],
  ['names that some disks take for one', zipFile([fine, { ...fine, path: 'A.PY' }]), /twice/u],
  ['entries that share their bytes', zipFile([fine, { path: 'b.py', body: 'print(1)', lies: { at: 0 } }]), /overlaps/u],
  ['bytes before the first entry', zipFile([fine], { before: Buffer.from('#!/bin/sh\n') }), /overlaps|hidden/u],
  ['bytes behind the end', Buffer.concat([zipFile([fine]), Buffer.from('x')]), /does not end/u],
  ['a comment', zipFile([fine], { comment: Buffer.from('hello') }), /does not end/u],
  ['bytes before the end', zipFile([fine], { between: Buffer.from('zip64?') }), /between/u],
  ['a second archive behind the first', Buffer.concat([zipFile([fine]), zipFile([fine])]), /between|overlaps/u],
  ['a wrong sum', zipFile([{ ...fine, lies: { crc: 1 } }]), /damaged/u],
  ['a size that is too small', zipFile([{ ...fine, lies: { size: 3 } }]), /another size/u],
  ['a size that is too large', zipFile([{ ...fine, lies: { size: 300 } }]), /another size/u],
  ['a name that is no UTF-8', zipFile([{ path: Buffer.from([0x61, 0xff]) }]), /UTF-8/u],
  ['too many files', zipFile(Array.from({ length: 51 }, (_, i) => ({ path: `f${i}` }))), /more than 50 files/u],
  ['a folder with contents', zipFile([{ path: 'a/', body: 'x', mode: 0o040755 }]), /folder with contents/u],
] as const)
  test(`${what} is refused`, () => assert.match(says(archive), why))

test('a bomb is refused by what it says, and stopped at what it says when it lies', () => {
  const zeros = Buffer.alloc(4_000_000)
  assert.match(says(zipFile([{ path: 'zeros', body: zeros }])), /more than 1000000 bytes/u)
  assert.match(says(zipFile([{ path: 'zeros', body: zeros, lies: { size: 1000 } }])), /another size/u)
})

test('no bytes break the reader, and a changed archive is never read as another one', () => {
  const archive = zipFile([fine, { path: 'b/c.py', body: 'x'.repeat(300) }])
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => void says(Buffer.from(bytes))))
  fc.assert(
    fc.property(fc.nat(archive.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bent = Buffer.from(archive)
      bent[at] = (bent[at] ?? 0) ^ change
      const zip = readZip(bent, limits)
      if (!zip.ok) return
      for (const read of zip.entries.map(entry => entry.read()))
        if ('bytes' in read) assert.ok(/^(?:print\(1\)|x{300})$/u.test(Buffer.from(read.bytes).toString()))
    }),
    { numRuns: 500 },
  )
})
