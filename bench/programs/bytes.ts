/** Gives everybody who says something the same many bytes, on loopback; prints its port. */
import { createServer } from 'node:net'

const mebi = 1024 * 1024
const count = Number(process.argv[2] ?? '64')
const block = Buffer.alloc(mebi, 'x')

const server = createServer({ allowHalfOpen: true }, socket => {
  socket.on('error', () => {})
  socket.once('data', () => {
    let left = count
    const more = () => {
      while (left-- > 0) if (!socket.write(block)) return
      socket.end()
    }
    socket.on('drain', more)
    more()
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`)
})
