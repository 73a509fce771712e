import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { loopbackHosts } from './http-door.ts'
import { type HttpFaceOptions, httpFaceLimits } from './http-face-options.ts'
import { receive } from './http-intake.ts'
import { newShares } from './http-shares.ts'

export type HttpFace = { readonly url: string; readonly port: number; close(): Promise<void> }

/** Serves Streamable HTTP, both eras, on loopback unless told otherwise. */
export async function serveHttp(options: HttpFaceOptions): Promise<HttpFace> {
  const limits = { ...httpFaceLimits, ...options.limits }
  const host = options.host ?? '127.0.0.1'
  const door = { hosts: [...loopbackHosts, ...lower(options.hosts)], origins: lower(options.origins) }
  const intake = { options, limits, door, load: { inFlight: 0, shares: newShares(limits) }, waiting: new Map() }
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.headersMs + limits.bodyMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: 1000,
      noDelay: true,
      // A missing Host is refused by our own check of it, with a message that says so.
      requireHostHeader: false,
    },
    (request, response) => receive(intake, request, response),
  )
  server.maxConnections = limits.connections
  server.maxHeadersCount = 128
  server.timeout = limits.silentMs
  server.on('clientError', refuseBroken)
  const port = await listening(server, options.port ?? 0, host)
  const name = host.includes(':') ? `[${host}]` : host
  return { url: `http://${name}:${port}${options.path}`, port, close: () => closed(server) }
}

function lower(names: readonly string[] | undefined): readonly string[] {
  return (names ?? []).map(name => name.toLowerCase())
}

function listening(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      // Connection resets and the like are the clients' affair and never end the process.
      server.on('error', () => {})
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

const brokenStatus: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

function refuseBroken(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = brokenStatus[error.code ?? ''] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
