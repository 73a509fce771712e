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
  'far.yaml': `version: 1
servers:
  far:
    url: http://mcp.example.com/mcp
    headers: { Authorization: "Bearer $${'{SALLYPORT_NOT_SET}'}" }
`,
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

test('check says as JSON what it says in words, mistakes and warnings with their places', async () => {
  const [good, bad, open] = await Promise.all(
    ['good', 'bad', 'open'].map(name => policy('check', '--json', '-c', `${name}.yaml`)),
  )
  const { isFine, servers, rules, problems } = JSON.parse(good?.out ?? '')
  assert.deepEqual([good?.code, isFine, servers, problems], [0, true, 0, []])
  assert.ok(rules > 0)
  assert.deepEqual([bad?.code, bad?.err], [2, ''])
  const [wrong] = JSON.parse(bad?.out ?? '').problems
  assert.deepEqual([wrong.line, wrong.at], [2, 'server'])
  assert.deepEqual([open?.code, JSON.parse(open?.out ?? '').isFine], [2, false])
})

test('check warns of a server reached over plain http and of a secret that is not there, and is fine all the same', async () => {
  const { code, err, out } = await policy('check', '-c', 'far.yaml')
  assert.equal(code, 0)
  assert.match(out, /^fine: 1 server,/u)
  assert.match(err, /warning: .*far\.yaml:4:\d+: servers\.far\.url: is plain http.*reads Authorization/u)
  assert.match(err, /warning: .*far\.yaml:5:\d+: servers\.far\.headers\.Authorization: env:SALLYPORT_NOT_SET is not/u)
  assert.equal(JSON.parse((await policy('check', '--json', '-c', 'far.yaml')).out).warnings.length, 2)
})

test('test says as JSON of each case what was expected and what the policy says', async () => {
  const { code, out } = await policy('test', '--json', '-c', 'failing.yaml')
  assert.equal(code, 1)
  const { failed, tests } = JSON.parse(out)
  assert.equal(failed, 1)
  const [lost] = tests.filter(({ isAsExpected }: { isAsExpected: boolean }) => !isAsExpected)
  assert.deepEqual([lost.rule, lost.test.expect, lost.got], ['no-deleting', 'allow', 'block'])
})
