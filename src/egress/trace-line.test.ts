import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { createTraceReader, descriptorOf } from './trace-line.ts'

const hex = (text: string) => [...Buffer.from(text)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')

test('a call is read with its strings, its result and what it opened', () => {
  const line = `7  openat(AT_FDCWD<${hex('/home')}>, "${hex('a.txt')}", O_RDONLY|O_CLOEXEC) = 3<${hex('/srv/a.txt')}>`
  const call = createTraceReader()(line)
  assert.equal(call?.call, 'openat')
  assert.deepEqual(call?.strings, ['a.txt'])
  assert.equal(call?.opened, '/srv/a.txt')
  assert.equal(descriptorOf(call?.args ?? ''), '/home')
})

test('a call that failed says how', () => {
  const call = createTraceReader()(
    `7 connect(4<${hex('TCP:[5]')}>, {sa_family=AF_INET}, 16) = -1 EINPROGRESS (Operation now in progress)`,
  )
  assert.deepEqual([call?.result, call?.error], [-1, 'EINPROGRESS'])
})

test('two threads that speak at once are heard apart', () => {
  const read = createTraceReader()
  assert.equal(read(`1 openat(AT_FDCWD<${hex('/a')}>, "${hex('x')}", O_RDONLY <unfinished ...>`), undefined)
  assert.equal(read(`2 openat(AT_FDCWD<${hex('/b')}>, "${hex('y')}", O_RDONLY <unfinished ...>`), undefined)
  assert.equal(read(`1 <... openat resumed>) = 3<${hex('/a/x')}>`)?.opened, '/a/x')
  assert.equal(read(`2 <... openat resumed>) = 3<${hex('/b/y')}>`)?.opened, '/b/y')
  assert.equal(read('3 <... openat resumed>) = 3</z>'), undefined)
})

test('a file name cannot write another part of the line, and no line makes the reader fail', () => {
  const evil = '") = 3</etc/shadow> <unfinished ...>'
  const call = createTraceReader()(
    `7 openat(AT_FDCWD<${hex('/h')}>, "${hex(evil)}", O_RDONLY) = -1 ENOENT (No such file or directory)`,
  )
  assert.deepEqual([call?.strings, call?.result, call?.opened], [[evil], -1, undefined])
  fc.assert(fc.property(fc.string(), text => void createTraceReader()(`1 ${text}`)))
})
