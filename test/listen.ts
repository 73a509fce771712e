import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** Listens on a free port of loopback until the test is over; gives the port. */
export async function listen(t: TestContext, heard: (socket: Socket) => void): Promise<number> {
  const open: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    open.push(socket)
    socket.on('error', () => undefined)
    heard(socket)
  }).listen(0, '127.0.0.1')
  t.after(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
