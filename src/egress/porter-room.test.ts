import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import type { Report } from './channel.ts'
import { standInRoom } from './porter-room.ts'

test('nothing passes in a room whose questions are answered with no', {
  skip: process.platform !== 'linux',
}, async () => {
  const reports: Report[] = []
  let asks = 0
  const room = await standInRoom({
    room: 7,
    tell: report => void reports.push(report),
    nextAsk: () => ++asks,
    answerFor: async () => ({ kind: 'unknown' }),
    dialFor: async () => ({ addresses: [], port: 0 }),
    passFor: async () => false,
  })
  const code = `
    const net = require('node:net'), dns = require('node:dns')
    const dial = (host, port) => new Promise(resolve => {
      const socket = net.connect({ host, port })
      socket.on('error', error => { console.log(error.code); resolve() })
      socket.on('data', () => console.log('data'))
    })
    dns.setServers(['8.8.8.8'])
    const ask = name => new Promise(resolve => dns.resolve4(name, error => { console.log(error?.code); resolve() }))
    ask('a.example').then(() => dial('8.8.8.8', 65535)).then(() => dial('2606:4700::1', 1)).then(() => dial('127.0.0.1', 20000))`
  const enter = ['--target', String(room.pid), '--user', '--net', '--preserve-credentials', '--']
  const child = spawn('/usr/bin/nsenter', [...enter, process.execPath, '-e', code], { timeout: 10_000 })
  let said = ''
  child.stdout.on('data', bytes => {
    said += bytes
  })
  await once(child, 'close')
  room.close()
  assert.deepEqual(said.trim().split('\n'), ['ENOTFOUND', 'ECONNRESET', 'ECONNRESET', 'ECONNRESET'])
  const asked = reports.filter(({ is }) => is === 'name')
  assert.deepEqual(
    asked.map(report => report.is === 'name' && report.name),
    ['a.example'],
  )
  const dials = reports.flatMap(report => (report.is === 'dial' ? [[report.address, report.port]] : []))
  assert.deepEqual(dials, [
    ['8.8.8.8', 65_535],
    ['2606:4700::1', 1],
    ['127.0.0.1', 20_000],
  ])
})
