import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { addressesInAnswer, readQuestion, recordType, writeAnswer } from './name-question.ts'

function query(labels: readonly (string | Buffer)[], type = 1): Buffer {
  const header = Buffer.from([0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0])
  const parts = labels.map(label => Buffer.from(label)).flatMap(label => [Buffer.from([label.length]), label])
  return Buffer.concat([header, ...parts, Buffer.from([0, type >> 8, type & 255, 0, 1])])
}

test('a question is read, and its letters come back as they were sent', () => {
  const question = readQuestion(query(['aPi', 'Example', 'com']))
  assert.equal(question?.name, 'api.example.com')
  assert.equal(question?.type, recordType.A)
  const reply = writeAnswer(question!, { kind: 'address', address: '198.18.1.7' })
  assert.equal(reply.readUInt16BE(0), 0x1234)
  assert.ok(reply.includes(Buffer.from('aPi')))
  assert.deepEqual([...reply.subarray(-4)], [198, 18, 1, 7])
  assert.equal(writeAnswer(question!, { kind: 'unknown' }).readUInt16BE(2) & 15, 3)
  assert.equal(writeAnswer(question!, { kind: 'empty' }).readUInt16BE(6), 0)
})

test('a dot, a break or a zero inside a label cannot be taken for something else', () => {
  assert.equal(readQuestion(query(['a.b', 'c']))?.name, 'a\\046b.c')
  assert.equal(readQuestion(query(['a\n', 'c']))?.name, 'a\\010.c')
})

test('what is not one plain question is not answered', () => {
  const good = query(['a', 'b'])
  const pointer = Buffer.from(good)
  pointer[12] = 0xc0
  const two = Buffer.from(good)
  two[5] = 2
  const response = Buffer.from(good)
  response[2] = 0x81
  for (const bytes of [
    pointer,
    two,
    response,
    good.subarray(0, 14),
    Buffer.alloc(0),
    query(new Array(9).fill('x'.repeat(40))),
  ])
    assert.equal(readQuestion(bytes), undefined)
})

test('no bytes make the reader fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), bytes => {
      const question = readQuestion(Buffer.concat([query([]).subarray(0, 12), bytes]))
      if (question === undefined) return
      assert.ok(question.bytes.length <= 260)
      assert.match(question.name, /^[!-~]*$/u)
    }),
  )
})

test('the addresses of an answer are found, and no bytes make the reader fail', () => {
  const question = readQuestion(query(['api', 'example']))!
  const reply = writeAnswer(question, { kind: 'address', address: '198.18.1.7' })
  assert.deepEqual(addressesInAnswer(reply), { name: 'api.example', addresses: ['198.18.1.7'] })
  assert.equal(addressesInAnswer(query(['api', 'example'])), undefined)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), tail => {
      const answer = addressesInAnswer(Buffer.concat([reply.subarray(0, 29), tail]))
      assert.ok(answer === undefined || answer.addresses.length <= 64)
    }),
  )
})
