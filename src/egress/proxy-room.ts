import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ProxyRoom } from '../core/egress.ts'
import type { Desk } from './desk.ts'
import { plainHost } from './host-rule.ts'
import { carryDial } from './tunnel.ts'

const most = { connections: 256, headBytes: 16_384 } as const
const user = 'room'

/**
 * A judging proxy on loopback, for machines without network namespaces. The port is known to the whole machine, so the
 * room is told by a word that only its server was given.
 */
export async function openProxyRoom(desk: Desk): Promise<ProxyRoom> {
  const word = randomBytes(24).toString('hex')
  const open = new Set<Socket>()
  let asks = 0
  const server = createServer({ maxHeaderSize: most.headBytes }, (incoming, answer) => {
    if (isKnown(incoming, word)) void plain(incoming, answer, { desk, ask: ++asks })
    else answer.writeHead(407, { 'proxy-authenticate': 'Basic realm="room"' }).end()
  })
  server.maxConnections = most.connections
  server.on('connection', socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.on('connect', (incoming, stream, head) => {
    stream.on('error', () => undefined)
    if (!isKnown(incoming, word)) stream.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    else void tunnel(incoming, { stream, head }, { desk, ask: ++asks })
  })
  const port = await listening(server)
  const url = `http://${user}:${word}@127.0.0.1:${port}`
  const env = { HTTP_PROXY: url, HTTPS_PROXY: url, http_proxy: url, https_proxy: url, NO_PROXY: '', no_proxy: '' }
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  return { kind: 'proxy', port, env: { ...env, NODE_USE_ENV_PROXY: '1' }, close }
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

function isKnown({ headers }: IncomingMessage, word: string): boolean {
  const given = Buffer.from(headers['proxy-authorization'] ?? '')
  const right = Buffer.from(`Basic ${Buffer.from(`${user}:${word}`).toString('base64')}`)
  return given.length === right.length && timingSafeEqual(given, right)
}

type Case = { readonly desk: Desk; readonly ask: number }
type Wire = { readonly stream: Duplex; readonly head: Buffer }

async function tunnel(incoming: IncomingMessage, { stream, head }: Wire, { desk, ask }: Case): Promise<void> {
  const [, host = '', port = ''] = /^(\[[^\]]{2,45}\]|[^:]{1,254}):(\d{1,5})$/u.exec(incoming.url ?? '') ?? []
  const to = { host: plainHost(host) ?? host, port: Number(port) }
  const addresses = await desk.dial(ask, to)
  if (addresses.length === 0 || !(stream instanceof Socket)) {
    stream.end('HTTP/1.1 403 Forbidden\r\nx-sallyport: this host is not declared for the server\r\n\r\n')
    return desk.carried(ask, { up: 0, down: 0, ended: 'refused' })
  }
  stream.write('HTTP/1.1 200 Connection established\r\n\r\n')
  if (head.length > 0) stream.unshift(head)
  await carryDial(stream, {
    dial: async () => ({ addresses, port: to.port }),
    greet: greeting => desk.greet(ask, greeting),
    carried: report => void desk.carried(ask, report),
  })
}

/** `GET http://host/path`: judged like a tunnel, then asked for anew with the Host that was judged. */
async function plain(incoming: IncomingMessage, answer: ServerResponse, { desk, ask }: Case): Promise<void> {
  const url = targetOf(incoming)
  const to =
    url === undefined ? { host: incoming.url ?? '', port: 0 } : { host: hostOf(url), port: Number(url.port || 80) }
  const said = incoming.headers.host ?? ''
  const [address] = await desk.dial(ask, to)
  const isAllowed = address !== undefined && (await desk.greet(ask, { kind: 'http', ...authorityOf(said) }))
  if (!isAllowed || url === undefined) {
    answer.writeHead(403, { connection: 'close' }).end('This host is not declared for the server.\n')
    return desk.carried(ask, { up: 0, down: 0, ended: 'refused' })
  }
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !name.startsWith('proxy-')))
  const { method } = incoming
  const path = `${url.pathname}${url.search}`
  const onward = request(
    { host: address, port: to.port, path, method, headers: { ...headers, host: url.host } },
    reply => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
    },
  )
  const done = (ended: 'closed' | 'unreachable') => {
    const { bytesRead: down = 0, bytesWritten: up = 0 } = onward.socket ?? {}
    void desk.carried(ask, { up, down, ended })
  }
  onward.once('error', () => {
    answer.destroy()
    done('unreachable')
  })
  answer.once('close', () => {
    onward.destroy()
    done('closed')
  })
  incoming.pipe(onward)
}

function targetOf({ url = '' }: IncomingMessage): URL | undefined {
  if (!/^http:\/\/[^/?#@\s]+(?:[/?]|$)/u.test(url)) return undefined
  return URL.canParse(url) ? new URL(url) : undefined
}

function hostOf({ hostname }: URL): string {
  return plainHost(hostname) ?? hostname
}

function authorityOf(said: string): { host: string; port: number | undefined } {
  const [, host = '', port] = /^(\[[^\]]{2,45}\]|[^:]*)(?::(\d{1,5}))?$/u.exec(said) ?? []
  return { host, port: port === undefined ? undefined : Number(port) }
}
