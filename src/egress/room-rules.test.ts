import assert from 'node:assert/strict'
import test from 'node:test'
import { dialledPort, firstListener, listenerCount, roomRules } from './room-rules.ts'

test('every port that can be dialled is told apart, by both families', () => {
  const rules = roomRules()
  const maps = [...rules.matchAll(/proto-dst & 0xffc0 map \{ ([^}]+) \}/gu)].map(([, body = '']) => {
    return new Map(
      body
        .split(', ')
        .map(pair => pair.split(' : '))
        .map(([port, address]) => [Number(port), address ?? '']),
    )
  })
  assert.equal(maps.length, 2)
  for (let port = 0; port < 65_536; port++)
    for (const map of maps) {
      const address = map.get(port & 0xffc0) ?? ''
      assert.equal(dialledPort(firstListener + (port & (listenerCount - 1)), address), port)
    }
})

test('a connection that the table has not turned has no port', () => {
  assert.equal(dialledPort(firstListener, '127.0.0.1'), undefined)
  assert.equal(dialledPort(firstListener - 1, '127.128.0.1'), undefined)
  assert.equal(dialledPort(firstListener + listenerCount, '127.128.0.1'), undefined)
  assert.equal(dialledPort(firstListener, 'fd53::1:400'), undefined)
  assert.equal(dialledPort(firstListener, '::ffff:127.128.6.1'), 384)
})

test('nothing but TCP, names and a first datagram gets through the gate', () => {
  const gate = /chain gate \{([^}]*\}[^}]*\}[^}]*\}[^}]*)\}/u.exec(roomRules())?.[1] ?? ''
  assert.match(gate, /policy drop/u)
})
