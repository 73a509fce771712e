import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { ServerName } from '../core/brand.ts'
import { guards } from '../guards/index.ts'
import { decide } from '../policy/decide.ts'
import { situationOf } from '../policy/situation.ts'
import type { ConfigLayer } from './config.ts'
import { configOf, loadConfig } from './load.ts'
import { problemLine } from './problem.ts'

async function lines(...texts: readonly (readonly [ConfigLayer, string])[]): Promise<string[]> {
  const loaded = await configOf(
    texts.map(([layer, text]) => ({ layer, text, path: `${layer}.yaml` })),
    guards,
  )
  return loaded.ok ? [] : loaded.problems.map(problemLine)
}

const example = `
version: 1
mode: enforce
preset: careful
servers:
  files:
    command: [npx, -y, "@modelcontextprotocol/server-filesystem@2026.8.31", ./project]
    why: "edit the project"
    permissions: { files: { read: [./project] }, net: none, env: { API_KEY: "\${keyring:files/api}" } }
    tools: { allow: ["read_*", "list_*"] }
  search:
    url: https://mcp.example.com/mcp
    writers: anyone
    headers: { Authorization: "Bearer \${SEARCH_TOKEN}" }
principals:
  alice: { role: reader, tokens: ["\${file:alice.token}"] }
policy:
  - name: ask before mail after secrets
    match: { tool: "*send*", labels: [secret] }
    when: "has(args.to) && !args.to.endsWith('@example.com')"
    then: block
    tests:
      - { tool: send_mail, labels: [secret], args: { to: a@b.c }, expect: block }
guards:
  limits: false
gateway: { port: 0 }
`

test('a whole configuration is read, and decides as it says', async () => {
  const loaded = await configOf([{ layer: 'user', text: example, path: '/etc/sallyport.yaml' }], guards)
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.problems.map(problemLine).join('\n'))
  const { config } = loaded
  assert.deepEqual([...config.servers.keys()], ['files', 'search'])
  assert.equal(config.servers.get('search' as ServerName)?.traits.writers, 'anyone')
  assert.deepEqual(config.principals.get('alice')?.tokens[0]?.references, ['file:/etc/alice.token'])
  assert.equal(config.guards['limits'], false)
  assert.equal(config.gateway.port, 0)
  const send = { tool: 'send_mail', labels: ['secret'], args: { to: 'a@b.c' } }
  assert.equal(decide(config.policy, situationOf(send)).verdict.kind, 'block')
})

test('names of servers that every object has are not there', async () => {
  const loaded = await configOf([{ layer: 'user', text: 'version: 1', path: 'x' }], guards)
  assert.ok(loaded.ok)
  assert.equal(loaded.config.servers.get('constructor' as ServerName), undefined)
})

test('what a lower layer loosens is refused with its file and line', async () => {
  const user = 'version: 1\nmode: enforce\n'
  const project =
    'version: 1\nmode: observe\npolicy:\n  - name: all\n    then: allow\nservers:\n  x:\n    command: [sh]\n'
  assert.deepEqual(
    (await lines(['project', project], ['user', user])).map(line => line.split(': ').slice(0, 2).join(' ')).sort(),
    ['project.yaml:2:7 mode', 'project.yaml:5:11 policy[0].then', 'project.yaml:8:5 servers.x'],
  )
})

test('a rule that cannot be meant is refused with its line, a doubtful one is warned about', async () => {
  const text =
    "version: 1\npolicy:\n  - name: a\n    when: args.to == 'x'\n    then: ask\n  - name: b\n    when: tol == 1\n    then: ask\n"
  assert.match((await lines(['user', text]))[0] ?? '', /^user\.yaml:7:11: policy\[1\]\.when: reads tol/u)
  const loaded = await configOf(
    [{ layer: 'user', path: 'u.yaml', text: text.slice(0, text.indexOf('  - name: b')) }],
    guards,
  )
  assert.ok(loaded.ok)
  assert.match(problemLine(loaded.warnings[0]!), /^u\.yaml:4:11: policy\[0\]\.when: args\.to may be missing/u)
})

test('a token in the file itself is refused', async () => {
  const text = 'version: 1\nprincipals:\n  alice:\n    tokens: [abcdef]\n'
  assert.match(
    (await lines(['user', text]))[0] ?? '',
    /^user\.yaml:4:14: principals\.alice\.tokens\[0\]: must be a ref/u,
  )
})

test('an endpoint that others can reach has a token', async () => {
  const text = (host: string) => `version: 1\ngateway:\n  requireToken: false\n  host: "${host}"\n`
  for (const host of ['0.0.0.0', '192.168.1.5', '::', 'example.com'])
    assert.match(
      (await lines(['user', text(host)]))[0] ?? '',
      /^user\.yaml:3:17: gateway\.requireToken: must stay true/u,
    )
  for (const host of ['127.0.0.1', '::1', 'localhost']) assert.deepEqual(await lines(['user', text(host)]), [])
})

test('a value that is refused is not repeated where it could be a secret', async () => {
  const secret = 'hunter2-very-secret'
  for (const text of [
    `version: 1\nservers: { a: { command: [x], env: { A: [${secret}] } } }\n`,
    `version: 1\nservers: { a: { url: "https://me:${secret}@example.com" } }\n`,
    `version: 1\nprincipals: { a: { tokens: [${secret}] } }\n`,
    `version: 1\nservers: { a: { command: [x], env: { A: "\${${secret}!" } } }\n`,
  ]) {
    const told = (await lines(['user', text])).join('\n')
    assert.ok(told.length > 0 && !told.includes(secret), told)
  }
})

test('two files of one layer are refused, and a file that is not there is named', async () => {
  assert.match((await lines(['user', 'version: 1'], ['user', 'version: 1']))[0] ?? '', /second file of the user/u)
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-load-'))
  const path = join(folder, 'sallyport.yaml')
  const missing = await loadConfig([{ path, layer: 'user' }], guards)
  assert.ok(!missing.ok)
  assert.match(problemLine(missing.problems[0]!), /sallyport\.yaml:1:1: does not exist$/u)
  writeFileSync(path, 'version: 1\n')
  const there = await loadConfig([{ path, layer: 'user' }], guards)
  assert.ok(there.ok)
  assert.equal(there.config.sources[0]?.sha256.length, 64)
  rmSync(folder, { recursive: true })
})

test('whatever a hostile file says as a project, it is read or refused, and nothing is loosened', async () => {
  const key = fc.constantFrom(
    'version',
    'mode',
    'preset',
    'servers',
    'policy',
    'guards',
    'defaults',
    'gateway',
    'limits',
    'constructor',
  )
  const leaf = fc.constantFrom(1, 'observe', 'watch', 'allow', false, null, 'x', '__proto__')
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(key, fc.string({ maxLength: 5 })), tie('tree'), { maxKeys: 4 }),
    ),
  }))
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, tree), async data => {
      const text = JSON.stringify({ version: 1, ...data })
      const loaded = await configOf([{ layer: 'project', path: 'p.yaml', text }], guards)
      if (!loaded.ok) return assert.ok(loaded.problems.every(({ line, text: words }) => line >= 1 && words !== ''))
      const { policy, servers, gateway } = loaded.config
      assert.ok(policy.mode !== 'observe' && servers.size === 0 && gateway.host === '127.0.0.1')
      assert.ok(Object.values(loaded.config.guards).every(settings => settings !== false))
    }),
    { numRuns: 300 },
  )
})
