/** Runs inside a room and outside of one: takes bytes from a host, then dials a port that nobody declared. Times both. */
import { connect } from 'node:net'

const [host = '127.0.0.1', port = '0', times = '1', denied = '0', dials = '0'] = process.argv.slice(2)

for (let i = 0; i < Number(times); i++) {
  const began = performance.now()
  const bytes = await take()
  process.stdout.write(`${JSON.stringify({ bytes, ms: performance.now() - began })}\n`)
}
for (let i = 0; i < Number(dials); i++) {
  const began = performance.now()
  const code = await refused()
  process.stdout.write(`${JSON.stringify({ code, deniedMs: performance.now() - began })}\n`)
}

function take(): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0
    const socket = connect({ host, port: Number(port) }, () => socket.end('go\n'))
    socket.on('data', chunk => {
      bytes += chunk.length
    })
    socket.once('error', reject).once('end', () => resolve(bytes))
  })
}

function refused(): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ host, port: Number(denied) })
    socket.once('error', error => resolve('code' in error ? String(error.code) : error.message))
    socket.once('close', () => resolve('closed'))
  })
}
