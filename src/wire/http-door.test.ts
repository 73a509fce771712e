import assert from 'node:assert/strict'
import test from 'node:test'
import { judgeDoor, judgeRequest, loopbackHosts, namesTwoHosts } from './http-door.ts'

const door = { hosts: loopbackHosts, origins: ['vscode-webview://abc'] }

test('requests addressed to this machine by its loopback names enter', () => {
  for (const host of ['localhost', 'LOCALHOST:3000', '127.0.0.1:80', '[::1]:8080', '[::1]'])
    assert.equal(judgeDoor({ host }, door), undefined, host)
})

test('a Host that is another name, or no plain name at all, is refused', () => {
  const hosts = [
    'evil.example',
    'localhost.evil.example',
    'localhost@evil.example',
    'evil.example:localhost',
    '127.0.0.1.nip.io',
    'localhost:',
    'localhost:80:90',
    'localhost/',
    ' localhost',
    '2130706433',
    '0',
    '',
    undefined,
  ]
  for (const host of hosts) assert.equal(judgeDoor({ host }, door)?.status, 403, host ?? 'none')
})

test('a page from elsewhere is refused although it knows the Host', () => {
  const origins = [
    'http://evil.example',
    'null',
    'http://localhost.evil.example',
    'http://localhost@evil.example',
    'file://',
    'http://localhost/x',
    'vscode-webview://abcd',
    'ftp://localhost',
    '',
  ]
  for (const origin of origins) assert.equal(judgeDoor({ host: 'localhost', origin }, door)?.status, 403, origin)
})

test('a local page, or one that is named, may come', () => {
  for (const origin of ['http://localhost:6274', 'https://127.0.0.1', 'vscode-webview://abc'])
    assert.equal(judgeDoor({ host: 'localhost', origin }, door), undefined, origin)
})

test('a public name that is served does not make that name an allowed origin', () => {
  const published = { hosts: ['gate.example'], origins: [] }
  assert.equal(judgeDoor({ host: 'gate.example', origin: 'https://gate.example' }, published)?.status, 403)
})

test('only the methods and media types of the transport are served', () => {
  const both = 'application/json, text/event-stream'
  const json = 'application/json'
  assert.equal(judgeRequest('POST', { accept: both, 'content-type': json }), undefined)
  assert.equal(judgeRequest('POST', { accept: both, 'content-type': `${json}; charset=UTF-8` }), undefined)
  assert.equal(judgeRequest('POST', { accept: both, 'content-type': `${json}; charset=utf-16` })?.status, 415)
  assert.equal(judgeRequest('POST', { accept: both, 'content-type': 'text/plain' })?.status, 415)
  assert.equal(judgeRequest('POST', { accept: both })?.status, 415)
  assert.equal(judgeRequest('POST', { accept: both, 'content-type': json, 'content-encoding': 'gzip' })?.status, 415)
  assert.equal(judgeRequest('POST', { accept: json, 'content-type': json })?.status, 406)
  assert.equal(judgeRequest('POST', { 'content-type': json }), undefined, 'no Accept is any')
  assert.equal(judgeRequest('GET', { accept: json })?.status, 406)
  assert.equal(judgeRequest('GET', { accept: 'text/event-stream' }), undefined)
  assert.equal(judgeRequest('DELETE', {}), undefined)
  for (const method of ['PUT', 'OPTIONS', 'PATCH', 'TRACE']) assert.equal(judgeRequest(method, {})?.status, 405)
})

test('a second Host header is noticed in any spelling', () => {
  assert.equal(namesTwoHosts(['Host', 'a', 'X-Host', 'host']), false)
  assert.equal(namesTwoHosts(['Host', 'a', 'Accept', '*/*', 'hOST', 'a']), true)
})
