import assert from 'node:assert/strict'
import test from 'node:test'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'

const rule = (expect: string) => `version: 1
servers: {}
policy:
  - name: no-deleting
    match: { tool: "delete_*" }
    then: block
    reason: nothing is deleted here
    tests:
      - { tool: delete_all, expect: ${expect} }
`
const folder = layOut({
  'good.yaml': rule('block'),
  'failing.yaml': rule('allow'),
  'bad.yaml': 'version: 1\nserver: {}\n',
  'served.yaml': `version: 1
servers:
  files: { command: [x], why: a test, tools: { allow: ["read_*"] } }
`,
  'open.yaml': `version: 1
servers:
  files:
    command: [x]
    permissions: { net: { hosts: ["no:port:here"] } }
`,
})
const policy = (...words: string[]) => command(['policy', ...words], { folder })

test('check tells a good file from one with a mistake, and says the line and what was meant', async () => {
  const [good, bad] = await Promise.all([policy('check', '-c', 'good.yaml'), policy('check', '-c', 'bad.yaml')])
  assert.deepEqual([good.code, good.err], [0, ''])
  assert.match(good.out, /^fine: 0 servers/u)
  assert.deepEqual([bad.code, bad.out], [2, ''])
  assert.match(bad.err, /bad\.yaml:2.*servers/u)
})

test('test runs what stands beside the rules and ends with 1 when the policy says something else', async () => {
  const [good, failing] = await Promise.all([policy('test', '-c', 'good.yaml'), policy('test', '-c', 'failing.yaml')])
  assert.equal(good.code, 0, good.err)
  assert.equal(failing.code, 1)
  assert.match(failing.err, /no-deleting.*block/u)
})

test('explain says what would be decided of a tool, and by which rule', async () => {
  const { code, out } = await policy('explain', 'delete_all', '-c', 'good.yaml')
  assert.equal(code, 0)
  assert.match(out, /^block\n[\s\S]*● .*no-deleting/u)
})

test('explain asks the guards too, and an effect or a server that there is not ends with 2', async () => {
  const [denied, effect, server] = await Promise.all([
    policy('explain', 'files__write_file', '-c', 'served.yaml'),
    policy('explain', 'delete_all', '-c', 'good.yaml', '-e', 'raed'),
    policy('explain', 'write_file', '-c', 'served.yaml', '-s', 'flies'),
  ])
  assert.match(denied.out, /^block\n[\s\S]*● .*found allowlist\/denied/u)
  assert.deepEqual([denied.code, effect.code, server.code], [0, 2, 2])
  assert.match(effect.err, /--effect raed: there are read, write/u)
  assert.match(server.err, /no server flies; there are files/u)
})

test('check says which permission the sandbox would refuse, before a server is ever started', async () => {
  const { code, out, err } = await policy('check', '-c', 'open.yaml')
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /open\.yaml:5:\d+: servers\.files\.permissions\.net\.hosts\[0\]: "no:port:here".*name:port/u)
})

test('explain of an id that no record has ends with 2, and arguments must be an object', async () => {
  const [unknown, args] = await Promise.all([
    policy('explain', 'deadbeef-1'),
    policy('explain', 'delete_all', '-c', 'good.yaml', '--args', '[1]'),
  ])
  assert.deepEqual([unknown.code, args.code], [2, 2])
  assert.match(unknown.err, /no record of deadbeef-1/u)
})
