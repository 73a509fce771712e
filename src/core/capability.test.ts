import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { effects, effectsOf, effectsSaid } from './capability.ts'
import type { Json, JsonObject } from './json.ts'

const of = (name: string, rest: JsonObject = {}) => effectsOf({ name, ...rest }).join(' ')

test('whole words of a name count, in every common spelling', () => {
  const expected: Record<string, string> = {
    read_file: 'read',
    readFile: 'read',
    'read-file': 'read',
    'files.read': 'read',
    ReadFile: 'read',
    create_issue: 'write',
    sendEmail: 'send',
    HTTPPost: 'send',
    delete_repo: 'destroy',
    execute_query: 'read execute',
    evaluate: 'execute',
    runCommand: 'execute',
    checkout: 'spend',
    chmod: 'admin',
    read_and_delete: 'read destroy',
    list_and_send_mail: 'read send',
  }
  for (const [name, found] of Object.entries(expected)) assert.equal(of(name), found, name)
})

test('what a tool says of itself leaves out what is only assumed of it', () => {
  const said = (name: string, annotations: JsonObject = {}) => effectsSaid({ name, annotations }).join(' ')
  assert.equal(said('getaway'), '')
  assert.equal(said('write_file'), 'write')
  assert.equal(said('add_numbers', { readOnlyHint: true }), 'read')
  assert.equal(said('send_mail', { readOnlyHint: true }), 'read send')
  assert.equal(said('tidy', { destructiveHint: true }), 'destroy')
  assert.equal(effectsSaid({ name: 'x', inputSchema: { properties: { command: {} } } }).join(' '), 'execute')
})

test('a part of a word is no word: what merely begins like reading counts as writing', () => {
  for (const name of ['getaway', 'listen', 'reader', 'shower', 'checkers', 'helper', 'opener'])
    assert.equal(of(name), 'write', name)
})

test('after a verb of reading a thing is a thing', () => {
  for (const name of ['get_order', 'list_email', 'fetch_post', 'read_script', 'search_code', 'getComment'])
    assert.equal(of(name), 'read', name)
  assert.equal(of('order_pizza'), 'spend')
  assert.equal(of('email_customer'), 'send')
})

test('a tool about which nothing can be said counts as writing', () => {
  for (const name of [
    'frobnicate',
    '',
    '删除',
    'dеlete_file',
    '____',
    'x'.repeat(100_000),
    `get_${'x'.repeat(300)}_delete`,
  ])
    assert.ok(of(name).includes('write'), name.slice(0, 20))
  for (const definition of [{}, { name: 7 }, { name: { toString: 1 } }, { name: null }] as JsonObject[])
    assert.deepEqual(effectsOf(definition), ['write'])
})

test('full-width letters are letters', () => assert.equal(of('ｄｅｌｅｔｅ_file'), 'destroy'))

test('a parameter that takes a command means executing', () => {
  for (const parameter of ['command', 'CMD', 'script', 'code'])
    assert.equal(of('get_info', { inputSchema: { properties: { [parameter]: {} } } }), 'read execute')
})

const name = fc.oneof(fc.string(), fc.constantFrom('read_file', 'delete', 'frobnicate', 'fetch_url', 'send'))
const hint = fc.constantFrom<Json>(true, false, null, 'true', 1, {})
const hints = fc.dictionary(
  fc.constantFrom('readOnlyHint', 'destructiveHint', 'openWorldHint', 'idempotentHint'),
  hint,
  {
    noNullPrototype: true,
  },
)

test('what a server says of its own tool only ever adds effects', () => {
  fc.assert(
    fc.property(
      name,
      fc.oneof(
        hints,
        fc.jsonValue().map(v => v as Json),
      ),
      (name, annotations) => {
        const [silent, said] = [effectsOf({ name }), effectsOf({ name, annotations })]
        assert.ok(silent.every(effect => said.includes(effect)))
      },
    ),
  )
})

test('calling an unknown tool harmless does not make it so', () => {
  const annotations = { readOnlyHint: true, destructiveHint: false, openWorldHint: false }
  assert.equal(of('frobnicate', { annotations }), 'read write')
  assert.equal(of('delete_all', { annotations }), 'read destroy')
  assert.equal(of('relay', { annotations: { readOnlyHint: true, openWorldHint: true } }), 'read write send')
})

test('any definition whatever has at least one effect, in a fixed order', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), definition => {
      const found = effectsOf(definition as JsonObject)
      assert.ok(found.length > 0)
      assert.deepEqual(
        found,
        effects.filter(effect => found.includes(effect)),
      )
    }),
  )
})

test('the tools of the official servers get the effects that a person would give them', async () => {
  const lists = await Promise.all([
    toolsOf('server-filesystem', '/tmp'),
    toolsOf('server-memory'),
    toolsOf('server-sequential-thinking'),
    toolsOf('server-everything'),
  ])
  const seen = new Map(lists.flat().map(tool => [tool['name'], effectsOf(tool).join(' ')]))
  const expected: Record<string, string[]> = {
    read: [
      'read_text_file',
      'read_multiple_files',
      'list_directory',
      'directory_tree',
      'search_files',
      'get_file_info',
    ],
    'write destroy': ['write_file', 'edit_file', 'move_file'],
    write: ['create_directory', 'create_entities', 'create_relations', 'add_observations'],
  }
  for (const [found, names] of Object.entries(expected))
    for (const name of names) assert.equal(seen.get(name), found, name)
  for (const name of ['read_graph', 'search_nodes', 'open_nodes', 'sequentialthinking', 'echo', 'get-env', 'get-sum'])
    assert.equal(seen.get(name), 'read', name)
  for (const name of ['delete_entities', 'delete_observations', 'delete_relations'])
    assert.equal(seen.get(name), 'write destroy', name)
})

async function toolsOf(name: string, ...args: string[]): Promise<JsonObject[]> {
  const program = createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/dist/index.js`)
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'ignore'] })
  const say = (message: JsonObject) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const clientInfo = { name: 'test', version: '1' }
  say({ id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } })
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as { id?: number; result: { tools: JsonObject[] } }
      if (message.id === 2) return message.result.tools
      if (message.id !== 1) continue
      say({ method: 'notifications/initialized' })
      say({ id: 2, method: 'tools/list' })
    }
    throw new Error(`${name} ended before it listed its tools`)
  } finally {
    child.kill()
  }
}

test('a checkout of code spends nothing, one of a shop does', () => {
  for (const name of ['git_checkout', 'checkoutBranch', 'repo_checkout'])
    assert.deepEqual(effectsOf({ name }), ['write'])
  for (const name of ['checkout', 'cart_checkout']) assert.deepEqual(effectsOf({ name }), ['spend'])
  assert.ok(effectsOf({ name: 'git_checkout_and_pay' }).includes('spend'))
})
