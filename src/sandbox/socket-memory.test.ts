import assert from 'node:assert/strict'
import { once } from 'node:events'
import net from 'node:net'
import test from 'node:test'
import { queuedIn, socketKiB, socketsOf } from './socket-memory.ts'

const skip = process.platform === 'linux' ? false : 'sockets are listed in /proc on Linux only'

test('sockets are counted by protocol, and lines that are none are not', () => {
  const table = `protocol  size sockets  memory press maxhdr  slab module     cl co
UNIX-STREAM  1024    300      -1   NI       0   yes  kernel      y  n
UNIX      1024      7      -1   NI       0   yes  kernel      y  n
UDPv6     1344      2       4   NI       0   yes  kernel      y  y
TCPv6     2496      5      12   no     320   yes  kernel      y  y
TCP       2336      6      12   no     320   yes  kernel      y  y
`
  assert.deepEqual(socketsOf(table), { tcp: 11, other: 309 })
  assert.deepEqual(socketsOf(''), { tcp: 0, other: 0 })
})

test('what waits in connections is added up, both ways', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0
  12: 0100007F:1538 0100007F:9C4E 01 00000010:00000100 00:00000000 00000000     0        0 2 1 0
`
  assert.equal(queuedIn(table), 2 * (16 + 256))
})

test('what nobody reads on many connections is counted', { skip }, async () => {
  const server = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  const before = socketKiB(process.pid)
  const clients = Array.from({ length: 80 }, () => net.connect(port, '127.0.0.1'))
  await Promise.all(clients.map(client => once(client, 'connect')))
  for (const client of clients) client.write(Buffer.alloc(64 * 1024))
  await new Promise(resolve => setTimeout(resolve, 200))
  const grown = socketKiB(process.pid) - before
  for (const client of clients) client.destroy()
  server.close()
  assert.ok(grown > 80 * 64, `${grown} KiB`)
})
