import assert from 'node:assert/strict'
import test from 'node:test'
import { nameSigns, parentOf } from './name-signs.ts'

test('data written as names shows', () => {
  const tunnels = [
    'c2VjcmV0LWRhdGEtMDEyMzQ1Njc4OQ.t.evil.example',
    '4a6f686e446f65536563726574.evil.example',
    'a.b.c.d.e.f.g.h.evil.example',
    `${'ab-'.repeat(15)}x.evil.example`,
    'mzxw6ytboi2dqnrxhazdqmjugm3tqobz.evil.example',
  ]
  for (const name of tunnels) assert.notDeepEqual(nameSigns(name.toLowerCase()), [], name)
})

test('ordinary names do not', () => {
  const names = [
    'api.example.com',
    'registry.npm.local',
    'bucket-name.s3.eu-central-1.amazonaws.com',
    'ec2-203-0-113-25.compute-1.amazonaws.com',
    'generativelanguage.googleapis.com',
    'objects.githubusercontent.com',
    'd111111abcdef8.cloudfront.net',
    'localhost',
  ]
  for (const name of names) assert.deepEqual(nameSigns(name), [], name)
})

test('the parent is what is bought', () => {
  assert.equal(parentOf('a.b.example.com'), 'example.com')
  assert.equal(parentOf('localhost'), 'localhost')
})
