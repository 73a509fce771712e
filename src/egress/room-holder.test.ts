import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { areGone } from '../../test/fixtures/alive.ts'
import { holdRoom } from './room-holder.ts'
import { listenerCount } from './room-rules.ts'

const isLinux = process.platform === 'linux'

test('a room has sockets of its own, sees no device but its own loopback, and is gone when closed', {
  skip: !isLinux,
}, async () => {
  const room = await holdRoom()
  const enter = ['--target', String(room.pid), '--user', '--net', '--preserve-credentials', '--']
  const devices = spawnSync('/usr/bin/nsenter', [...enter, '/bin/cat', '/proc/net/dev'], {
    encoding: 'utf8',
    timeout: 5000,
  })
  assert.deepEqual(
    [...devices.stdout.matchAll(/^\s*(\S+):/gmu)].map(([, name]) => name),
    ['lo'],
  )
  assert.equal(room.listeners.length, listenerCount)
  assert.equal(room.names.length, 2)
  assert.equal(room.bells.length, 2)
  const gone = new Promise<void>(resolve => room.onLost(resolve))
  room.close()
  await gone
  assert.ok(await areGone([room.pid]))
})

test('where datagrams were meant to go is read from the kernel', { skip: !isLinux }, async () => {
  const room = await holdRoom()
  const enter = ['--target', String(room.pid), '--user', '--net', '--preserve-credentials', '--']
  const code = `const d=require('node:dgram');for(const [f,a] of [['udp4','9.9.9.9'],['udp6','2606:4700::1']]){const s=d.createSocket(f);s.send('x',4433,a,()=>s.close())}`
  spawnSync('/usr/bin/nsenter', [...enter, process.execPath, '-e', code], { timeout: 10_000 })
  const seen = await room.seenDatagrams()
  assert.deepEqual(seen, [
    { address: '9.9.9.9', port: 4433 },
    { address: '2606:4700::1', port: 4433 },
  ])
  room.close()
})
