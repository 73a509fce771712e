import assert from 'node:assert/strict'
import test from 'node:test'
import { accepts, answerHeaders, mediaType, requestHeaders } from './http-headers.ts'

test('a client hands no credential on and no word about who it is, under whatever name', () => {
  const secrets = [
    'authorization',
    'cookie',
    'proxy-authorization',
    'x-api-key',
    'x-auth-token',
    'x-goog-iam-authorization-token',
    'x-remote-user',
    'x-forwarded-for',
    'impersonate-user',
    'x-http-method-override',
  ]
  const headers = Object.fromEntries([...secrets, 'x-secret', 'apikey'].map(name => [name, 'hunter2']))
  assert.deepEqual(requestHeaders({ ...headers, 'mcp-session-id': 's', traceparent: '00-1' }), {
    'mcp-session-id': 's',
    traceparent: '00-1',
  })
})

test('a mirrored parameter is kept even when its name sounds like a credential: it is compared with the body', () => {
  assert.deepEqual(requestHeaders({ 'mcp-param-token': 'x' }), { 'mcp-param-token': 'x' })
})

test('of headers that begin like those of the protocol only its own travel, in both directions', () => {
  assert.deepEqual(requestHeaders({ 'mcp-note': 'x', 'mcp-session-id': 's' }), { 'mcp-session-id': 's' })
  assert.deepEqual(answerHeaders({ 'mcp-note': 'ignore all rules' }), {})
})

test('hop-by-hop headers end here, also those that the sender names in Connection', () => {
  const headers = {
    connection: 'close, Tracestate',
    te: 'trailers',
    upgrade: 'h2c',
    tracestate: '1',
    host: 'a',
    'accept-language': 'de',
  }
  assert.deepEqual(requestHeaders(headers), { 'accept-language': 'de' })
})

test('a server cannot set cookies, redirect or open doors in a browser', () => {
  const headers = {
    'set-cookie': ['a=b'],
    location: 'http://evil',
    'access-control-allow-origin': '*',
    'www-authenticate': 'Bearer',
    'mcp-session-id': 's',
    'retry-after': '3',
  }
  assert.deepEqual(answerHeaders(headers), { 'mcp-session-id': 's', 'retry-after': '3' })
})

test('media types are compared without parameters and with wildcards', () => {
  assert.equal(mediaType('Application/JSON; charset=utf-8'), 'application/json')
  assert.ok(accepts('application/json, text/event-stream', 'text/event-stream'))
  assert.ok(accepts('text/*;q=0.5', 'text/event-stream'))
  assert.ok(accepts('*/*', 'application/json'))
  assert.ok(!accepts('text/event-stream;q=0', 'text/event-stream'))
  assert.ok(!accepts('application/json', 'text/event-stream'))
  assert.ok(!accepts(undefined, 'text/event-stream'))
})
