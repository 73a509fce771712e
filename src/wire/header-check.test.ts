import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { JsonObject } from '../core/json.ts'
import type { Envelope } from './envelope.ts'
import { checkHeaders, checkParamHeaders, eraOverHttp, statusOf } from './header-check.ts'
import { headersFor, metaKeys } from './header-mirror.ts'

const meta = { [metaKeys.version]: '2026-07-28', [metaKeys.capabilities]: {} }
const call = request('tools/call', { name: 'read_file', arguments: { path: '/a' }, _meta: meta })
const good = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'read_file' }

test('headers that say what the body says are fine', () => {
  assert.equal(checkHeaders(call, good), undefined)
  assert.equal(checkHeaders(call, headersFor(call)), undefined)
})

const wrong: readonly [title: string, headers: Record<string, string>, code: number][] = [
  ['a method other than the body', { ...good, 'mcp-method': 'tools/list' }, -32020],
  ['a method in another case', { ...good, 'mcp-method': 'Tools/Call' }, -32020],
  ['a name other than the body', { ...good, 'mcp-name': 'write_file' }, -32020],
  ['two names, joined as HTTP joins them', { ...good, 'mcp-name': 'read_file, write_file' }, -32020],
  ['a broken base64 name', { ...good, 'mcp-name': '=?base64?%%%?=' }, -32020],
  ['a version other than the body', { ...good, 'mcp-protocol-version': '2025-11-25' }, -32020],
  ['no version', { 'mcp-method': 'tools/call', 'mcp-name': 'read_file' }, -32020],
  ['no method', { 'mcp-protocol-version': '2026-07-28', 'mcp-name': 'read_file' }, -32020],
  ['no name', { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' }, -32020],
]
for (const [title, headers, code] of wrong)
  test(`headers with ${title} are refused`, () => {
    const fault = checkHeaders(call, headers)
    assert.deepEqual([fault?.status, fault?.code], [400, code])
  })

test('a version that nobody speaks is refused with those that are spoken', () => {
  const claimed = { ...meta, [metaKeys.version]: 'v999.0.0' }
  const fault = checkHeaders(request('server/discover', { _meta: claimed }), {
    'mcp-protocol-version': 'v999.0.0',
    'mcp-method': 'server/discover',
  })
  assert.deepEqual([fault?.code, fault?.data], [-32022, { supported: ['2026-07-28'], requested: 'v999.0.0' }])
})

test('a request without the envelope that its header promises is refused by name of what is missing', () => {
  for (const params of [{}, { _meta: {} }, { _meta: { [metaKeys.version]: '2026-07-28' } }]) {
    const fault = checkHeaders(request('tools/list', params), { ...good, 'mcp-method': 'tools/list' })
    assert.deepEqual([fault?.status, fault?.code], [400, -32602])
  }
})

test('the era follows the body, so that a header cannot move a call out of the checks', () => {
  assert.equal(eraOverHttp(call, { 'mcp-protocol-version': '2025-06-18' }), 'modern')
  assert.equal(eraOverHttp(request('initialize', {}), good), 'legacy')
  assert.equal(eraOverHttp(request('initialize', { _meta: meta }), {}), 'modern')
  assert.equal(eraOverHttp(request('tools/list', {}), good), 'modern')
  assert.equal(eraOverHttp(request('tools/list', {}), {}), 'legacy')
})

test('legacy requests carry a known version or none', () => {
  const list = request('tools/list', {})
  assert.equal(checkHeaders(list, {}), undefined)
  assert.equal(checkHeaders(list, { 'mcp-protocol-version': '2025-06-18' }), undefined)
  assert.equal(checkHeaders(list, { 'mcp-protocol-version': '1999-01-01' })?.status, 400)
  assert.equal(checkHeaders(request('initialize', {}), { 'mcp-protocol-version': '2026-07-28' })?.code, -32020)
})

test('modern clients post no responses', () => {
  assert.equal(checkHeaders({ kind: 'result', id: 1, result: {} }, good)?.code, -32600)
})

test('a notification needs no headers, but those it has must agree', () => {
  const note: Envelope = { kind: 'notification', method: 'notifications/progress', params: { _meta: meta } }
  assert.equal(checkHeaders(note, {}), undefined)
  assert.equal(checkHeaders(note, { 'mcp-method': 'tools/call' })?.code, -32020)
})

const schema = {
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    limit: { type: 'integer', 'x-mcp-header': 'Limit' },
    deep: { properties: { on: { type: 'boolean', 'x-mcp-header': 'On' } } },
    list: { items: { type: 'string', 'x-mcp-header': 'Nowhere' } },
    bad: { type: 'string', 'x-mcp-header': 'a b' },
  },
}

test('parameters that the schema mirrors must be in the headers with the same value', () => {
  const params = { name: 't', arguments: { region: 'Zürich', limit: 42, deep: { on: true }, bad: 'x' }, _meta: meta }
  const mirrored = request('tools/call', params)
  const headers = headersFor(mirrored, schema)
  assert.deepEqual(Object.keys(headers).slice(3).sort(), ['mcp-param-limit', 'mcp-param-on', 'mcp-param-region'])
  assert.equal(checkParamHeaders(mirrored, headers, schema), undefined)
  assert.equal(checkParamHeaders(mirrored, { ...headers, 'mcp-param-limit': '42.0' }, schema), undefined)
  for (const [name, value] of [
    ['mcp-param-limit', '43'],
    ['mcp-param-on', 'True'],
    ['mcp-param-region', 'Zurich'],
    ['mcp-param-region', '=?base64?WsO8cmljaA?='],
  ] as const)
    assert.equal(checkParamHeaders(mirrored, { ...headers, [name]: value }, schema)?.code, -32020)
  const { 'mcp-param-on': _, ...without } = headers
  assert.equal(checkParamHeaders(mirrored, without, schema)?.code, -32020)
})

test('headers made from a body always pass against that body, and against no other name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, other) => {
      const body = (named: string): Envelope => request('tools/call', { name: named, _meta: meta })
      if (!name.isWellFormed()) return
      assert.equal(checkHeaders(body(name), headersFor(body(name))), undefined)
      if (other !== name) assert.equal(checkHeaders(body(other), headersFor(body(name)))?.code, -32020)
    }),
  )
})

test('an error of a server that speaks no HTTP gets the status that its code calls for', () => {
  const error = (code: number): Envelope => ({ kind: 'error', id: 1, error: { code, message: '' } })
  assert.deepEqual(
    [-32601, -32022, -32602, -32603, 1].map(code => statusOf('modern', error(code))),
    [404, 400, 200, 200, 200],
  )
  assert.equal(statusOf('legacy', error(-32601)), 200)
})

function request(method: string, params: JsonObject): Envelope {
  return { kind: 'request', id: 1, method, params }
}
