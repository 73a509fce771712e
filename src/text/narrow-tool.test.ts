import assert from 'node:assert/strict'
import test from 'node:test'
import { isFalselyReadOnly, oddParameters } from './narrow-tool.ts'

const odd = (about: string, ...names: string[]) =>
  oddParameters({ type: 'object', properties: Object.fromEntries(names.map(name => [name, {}])) }, '/s', about)

test('a small task with a command to run or an address to report to is odd', () => {
  assert.deepEqual(odd('add adds two numbers', 'a', 'preCommand'), [
    { at: '/s/properties/preCommand', name: 'preCommand', can: 'run' },
  ])
  assert.equal(odd('weather of a city', 'city', 'webhook-url')[0]?.can, 'reach')
})

test('ordinary parameters, and tools that say what they reach, are not', () => {
  assert.deepEqual(odd('add adds two numbers', 'a', 'b', 'format', 'url'), [])
  assert.deepEqual(odd('run code: math on a server', 'code'), [])
  assert.deepEqual(odd('send mail', 'bcc'), [])
  assert.deepEqual(oddParameters(undefined, '/s', 'add'), [])
  assert.deepEqual(oddParameters({ properties: [] }, '/s', 'add'), [])
})

test('a tool that writes by its name and says it only reads is found', () => {
  const annotations = { readOnlyHint: true }
  for (const name of ['delete_rows', 'sendMail', 'run-job'])
    assert.equal(isFalselyReadOnly({ name, annotations }), true)
  assert.equal(isFalselyReadOnly({ name: 'list_rows', annotations }), false)
  assert.equal(isFalselyReadOnly({ name: 'delete_rows' }), false)
})
