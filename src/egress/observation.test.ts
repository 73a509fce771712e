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
const dial = (address: string, kind = 'TCP') =>
  `connect(4<${hex(`${kind}:[9]`)}>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("${hex(address)}")}, 16) = 0`

test('a dial has the name that its address was answered for', () => {
  const seen = observed([
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
    `execve("${hex('/usr/bin/node')}", ["${hex('node')}"], 0x7f /* 3 vars */) = 0`,
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
