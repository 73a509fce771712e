import assert from 'node:assert/strict'
import test from 'node:test'
import { explainPermission } from './explain.ts'
import { readPermission } from './permission.ts'

function explained(value: unknown) {
  const reading = readPermission(value, { cwd: '/proj/app', home: '/home/ann' })
  assert.ok(reading.ok)
  const { can, cannot } = explainPermission(reading.permission)
  return { can: can.join('\n'), cannot: cannot.join('\n') }
}

test('the strict default says that nothing of yours can be touched', () => {
  const { can, cannot } = explained({})
  assert.doesNotMatch(can, /^(read|reach|use the secret)/mu)
  assert.match(cannot, /any of your files/u)
  assert.match(cannot, /change anything on the disk/u)
  assert.match(cannot, /reach the network/u)
  assert.match(cannot, /start other programs/u)
})

test('each thing that is given appears among what it can do', () => {
  const key = `$\u007bkeyring:files/api}`
  const { can, cannot } = explained({
    files: { read: ['./docs'], write: ['./out'] },
    net: { hosts: ['api.example.com', '*.example.org:8443'] },
    env: { KEY: key, MODE: 'x-secret-x' },
    children: ['git'],
    unixSockets: true,
  })
  for (const part of [
    'read /proj/app/docs',
    'read and change /proj/app/out',
    'add up to 4096 MiB and 200000 files',
    'api.example.com:443',
    'every name under example.org:8443',
    'keyring:files/api as KEY',
    'MODE',
    'git',
    'unix sockets',
  ])
    assert.ok(can.includes(part), part)
  assert.ok(!can.includes('x-secret-x'), 'values of variables are not shown')
  assert.match(cannot, /git hooks/u)
})

test('staged writes are called proposals', () => {
  const { can, cannot } = explained({ files: { write: ['./out'], staging: true } })
  assert.match(can, /propose changes/u)
  assert.doesNotMatch(cannot, /git hooks/u)
})
