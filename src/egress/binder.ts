/**
 * Runs inside a room's namespaces for a moment: opens the listeners there, hands them to the porter, and ends. A socket
 * stays in the namespace where it was made, so one porter outside can stand in all rooms.
 */
import { createSocket, type Socket } from 'node:dgram'
import { createServer, type Server } from 'node:net'
import { firstListener, inner, listenerCount } from './room-rules.ts'

const backlog = 128

async function bindAll(): Promise<void> {
  for (let i = 0; i < listenerCount; i++) await hand('listener', await listenOn(firstListener + i))
  for (const address of ['127.0.0.1', '::1']) {
    await hand('names', await bindOn(address, inner.namePort))
    await hand('bell', await bindOn(address, inner.bellPort))
  }
  await hand('done', undefined)
}

function listenOn(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen({ host: '::', port, backlog }, () => resolve(server))
  })
}

function bindOn(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(address === '::1' ? 'udp6' : 'udp4').once('error', reject)
    socket.bind({ address, port, exclusive: true }, () => resolve(socket))
  })
}

function hand(what: string, handle: Server | Socket | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) return reject(new Error('nobody is there to take the sockets'))
    process.send(what, handle, {}, error => (error === null ? resolve() : reject(error)))
  })
}

process.once('disconnect', () => process.exit(0))
await bindAll()
