import assert from 'node:assert/strict'
import test from 'node:test'
import { readQuestion, writeAnswer } from './name-question.ts'
import { createObservation, observeCall } from './observation.ts'
import { createTraceReader } from './trace-line.ts'

const hex = (text: string | Buffer) =>
  [...Buffer.from(text)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')

function observed(lines: readonly string[]) {
  const seen = createObservation()
  const answers = new Map<string, string>()
  const read = createTraceReader()
  for (const line of lines) {
    const call = read(`1 ${line}`)
    assert.notEqual(call, undefined, line)
    if (call !== undefined) observeCall(seen, answers, call)
  }
  return seen
}

const query = Buffer.from('12340100000100000000000003617069076578616d706c650000010001', 'hex')
const answer = writeAnswer(readQuestion(query)!, { kind: 'address', address: '93.184.216.34' })
const begin = `execve("${hex('/usr/bin/node')}", ["${hex('node')}"], 0x7f /* 3 vars */) = 0`
const dial = (address: string, kind = 'TCP') =>
  `connect(4<${hex(`${kind}:[9]`)}>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("${hex(address)}")}, 16) = 0`

test('a dial has the name that its address was answered for', () => {
  const seen = observed([
    begin,
    `sendto(3<${hex('UDP:[8]')}>, "${hex(query)}", 29, 0, NULL, 0) = 29`,
    `recvfrom(3<${hex('UDP:[8]')}>, "${hex(answer)}", 2048, 0, NULL, NULL) = 45`,
    dial('93.184.216.34'),
    dial('93.184.216.35'),
    dial('93.184.216.36', 'UDP'),
  ])
  assert.deepEqual([...seen.names.keys()], ['api.example'])
  assert.deepEqual([...seen.hosts.keys()], ['api.example:443', '93.184.216.35:443'])
})

test('reading, writing, changing and starting are told apart, and what failed is no need', () => {
  const at = `AT_FDCWD<${hex('/proj')}>`
  const seen = observed([
    begin,
    `openat(${at}, "${hex('a')}", O_RDONLY) = 3<${hex('/proj/a')}>`,
    `openat(${at}, "${hex('b')}", O_WRONLY|O_CREAT, 0666) = 3<${hex('/proj/b')}>`,
    `openat(${at}, "${hex('/etc/shadow')}", O_RDONLY) = -1 EACCES (Permission denied)`,
    `renameat2(${at}, "${hex('b')}", ${at}, "${hex('/out/c')}", 0) = 0`,
    `execve("${hex('/usr/bin/git')}", ["${hex('git')}"], 0x7f /* 3 vars */) = 0`,
    `execve("${hex('/usr/local/bin/git')}", ["${hex('git')}"], 0x7f /* 3 vars */) = -1 ENOENT (No such file)`,
  ])
  assert.deepEqual([...seen.reads.keys()], ['/proj/a'])
  assert.deepEqual([...seen.writes.keys()], ['/proj/b', '/out/c'])
  assert.deepEqual([...seen.children.keys()], ['/usr/bin/git'])
  assert.equal(seen.program, '/usr/bin/node')
})

test('what the sandbox itself does before the program begins is not the program', () => {
  const seen = observed([
    `execve("${hex('/usr/bin/bwrap')}", ["${hex('bwrap')}"], 0x7f /* 3 vars */) = 0`,
    `openat(AT_FDCWD<${hex('/')}>, "${hex('/etc/passwd')}", O_RDONLY) = 3<${hex('/etc/passwd')}>`,
    `execve("${hex('/usr/bin/prlimit')}", ["${hex('prlimit')}"], 0x7f /* 3 vars */) = 0`,
    begin,
  ])
  assert.equal(seen.program, '/usr/bin/node')
  assert.deepEqual([seen.reads.size, seen.children.size], [0, 0])
})

test('what was refused is kept with what was wanted, and a wish to write outweighs one to read', () => {
  const at = `AT_FDCWD<${hex('/proj')}>`
  const seen = observed([
    begin,
    `newfstatat(${at}, "${hex('../notes')}", 0x7ffe, 0) = -1 ENOENT (No such file or directory)`,
    `openat(${at}, "${hex('/notes')}", O_WRONLY|O_CREAT, 0666) = -1 EROFS (Read-only file system)`,
    `access("${hex('/notes')}", R_OK) = -1 ENOENT (No such file or directory)`,
    `execve("${hex('/usr/bin/git')}", ["${hex('git')}"], 0x7f /* 3 vars */) = -1 ENOENT (No such file)`,
    `openat(${at}, "${hex('busy')}", O_RDONLY) = -1 EMFILE (Too many open files)`,
    `connect(4<${hex('UNIX:[9]')}>, {sa_family=AF_UNIX, sun_path="${hex('/run/x')}"}, 16) = -1 ENOENT (No such file)`,
  ])
  assert.deepEqual(Object.fromEntries(seen.refused), {
    '/notes': { want: 'write', because: 'openat O_WRONLY|O_CREAT: EROFS' },
    '/usr/bin/git': { want: 'start', because: 'execve: ENOENT' },
  })
})
