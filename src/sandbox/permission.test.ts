import assert from 'node:assert/strict'
import test from 'node:test'
import { hostsOf, readPermission } from './permission.ts'

const place = { cwd: '/proj/app', home: '/home/ann' }

function refused(value: unknown): string {
  const reading = readPermission(value, place)
  assert.ok(!reading.ok, JSON.stringify(value))
  return reading.problems.map(({ at, text }) => `${at}: ${text}`).join('\n')
}

function accepted(value: unknown) {
  const reading = readPermission(value, place)
  assert.ok(reading.ok, JSON.stringify(reading))
  return reading.permission
}

test('an empty document gives nothing: no files, no network, no environment, no other programs', () => {
  const permission = accepted({})
  assert.deepEqual(permission.files, { read: [], write: [], staging: false })
  assert.equal(permission.net, 'none')
  assert.deepEqual(permission.env, {})
  assert.equal(permission.children, 'none')
  assert.equal(permission.unixSockets, false)
  assert.deepEqual(accepted(undefined), permission)
})

test('relative and home paths become absolute ones', () => {
  const { files } = accepted({ files: { read: ['./docs', 'src/', '~/notes', '/data/x/'], write: ['.'] } })
  assert.deepEqual(files.read, ['/proj/app/docs', '/proj/app/src', '/home/ann/notes', '/data/x'])
  assert.deepEqual(files.write, ['/proj/app'])
})

test('a folder outside cannot be reached by .. or by a home shorthand', () => {
  assert.match(refused({ files: { read: ['../other'] } }), /goes through/u)
  assert.match(refused({ files: { read: ['./a/../../../etc'] } }), /goes through/u)
  assert.match(refused({ files: { read: ['~'] } }), /whole home folder.*\/home\/ann\/project/u)
  assert.match(refused({ files: { read: ['~/../bob'] } }), /goes through/u)
  assert.match(refused({ files: { read: ['/proj/app/*'] } }), /pattern/u)
})

test('a refusal names the field, the reason and what to write instead', () => {
  assert.match(refused({ files: { write: ['/ok/x', '/etc'] } }), /^files\.write\[1\]: "\/etc" .*; write /u)
  assert.match(refused({ net: { hosts: ['169.254.169.254:80'] } }), /^net\.hosts\[0\]: .*secret reference/u)
  assert.match(refused({ env: { LD_PRELOAD: 'x' } }), /^env\.LD_PRELOAD/u)
  assert.match(refused({ children: ['../sh'] }), /^children\[0\]/u)
  assert.match(refused({ command: ['a\0b'] }), /^command\[0\]/u)
})

test('unknown keys are refused and the known ones named', () => {
  assert.match(refused({ network: 'none' }), /^network: is not known here; known are .*net/u)
  assert.match(refused({ files: { reads: [] } }), /^files\.reads: .*read, write/u)
  assert.match(refused({ limits: { memory: 5 } }), /^limits\.memory: .*memoryMiB/u)
})

test('limits are bounded and whole numbers', () => {
  for (const limits of [
    { pids: 1 },
    { pids: 1e9 },
    { memoryMiB: 0 },
    { tmpMiB: 1.5 },
    { openFiles: -1 },
    { lineMiB: '4' },
  ])
    refused({ limits })
})

test('a value of a variable is never printed', () => {
  const text = refused({ env: { TOKEN: 'hunter2-secret\0' } })
  assert.ok(!text.includes('hunter2'), text)
})

test('hosts come out as rules, port 443 when none is named', () => {
  const permission = accepted({ net: { hosts: ['API.example.com', 'db.example.com:5432', '[::1]:80'] } })
  assert.deepEqual(hostsOf(permission), [
    { name: 'api.example.com', port: 443 },
    { name: 'db.example.com', port: 5432 },
    { name: '[::1]', port: 80 },
  ])
  assert.deepEqual(hostsOf(accepted({})), [])
  refused({ net: { hosts: [] } })
  refused({ net: 'any' })
})
