import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Header } from 'tar'

type Context = { after(done: () => void): void }

export type TarPart = {
  readonly path: string
  readonly body?: Buffer | string
  readonly type?: 'File' | 'Link' | 'SymbolicLink' | 'CharacterDevice' | 'FIFO' | 'Directory'
  readonly linkpath?: string
  readonly mode?: number
}

/** A tar written entry by entry and without its end, so that it can hold what no honest archiver writes. */
export function tarBlocks(parts: readonly TarPart[]): Buffer {
  const blocks = parts.flatMap(({ path, type = 'File', linkpath, mode = 0o644, body = '' }) => {
    const bytes = Buffer.from(body)
    const link = linkpath === undefined ? {} : { linkpath }
    const header = new Header({ path, type, size: bytes.length, mode, ...link })
    const head = Buffer.alloc(512)
    header.encode(head, 0)
    return [head, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
  })
  return Buffer.concat(blocks)
}

const tarEnd = Buffer.alloc(1024)

/** An archive of a package: its manifest, and whatever else is in it. */
export function packed(manifest: object, parts: readonly TarPart[] = []): Buffer {
  return gzipSync(
    Buffer.concat([tarBlocks([{ path: 'package/package.json', body: JSON.stringify(manifest) }, ...parts]), tarEnd]),
  )
}

/** One version as a registry shows it. */
export type Published = {
  readonly tarball: Buffer
  /** What the registry says of it, which need not be what is in it. */
  readonly says?: object
  /** Members of `dist` that are put in, or taken out where they are undefined. */
  readonly dist?: Readonly<Record<string, unknown>>
}

export type Shelf = Readonly<Record<string, Readonly<Record<string, Published>>>>

export type NpmRegistry = { readonly url: string; readonly asked: string[] }

/** A registry on loopback that says what it is told to say. */
export async function npmRegistry(
  t: Context,
  shelf: Shelf | ((url: string) => Shelf),
  answer?: (path: string, response: ServerResponse) => boolean,
): Promise<NpmRegistry> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '')
    asked.push(`${request.method} ${path}`)
    if (answer?.(path, response) === true) return
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const packages = typeof shelf === 'function' ? shelf(url) : shelf
    const [, name = '', version = ''] = /^\/(.+?)\/-\/[^/]*?-(\d[^/]*)\.tgz$/u.exec(path) ?? []
    const file = packages[name]?.[version]
    if (file !== undefined) return void response.end(file.tarball)
    const versions = packages[path.slice(1)]
    if (versions === undefined) return void response.writeHead(404).end('{}')
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(packument(path.slice(1), versions, url)))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

function packument(name: string, versions: Readonly<Record<string, Published>>, url: string): object {
  const shown = Object.entries(versions).map(([version, { tarball, says, dist }]) => {
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
    const whole = { tarball: `${url}/${name}/-/${name.split('/').at(-1)}-${version}.tgz`, integrity, ...dist }
    return [version, { name, version, ...says, dist: whole }] as const
  })
  const latest = Object.keys(versions).at(-1)
  return { name, 'dist-tags': { latest }, versions: Object.fromEntries(shown) }
}
