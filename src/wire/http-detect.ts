import type { Frame } from './envelope.ts'
import { type HttpTarget, openHttpLink } from './http-link.ts'
import type { HttpLink, Link, LinkEvents, Reply, RequestOptions } from './link.ts'
import { openSseLink } from './sse-link.ts'

/**
 * A link to a server whose transport is not known: Streamable HTTP, unless the handshake is refused with a 4xx and the
 * server proves to speak the older HTTP+SSE. There one connection is one session, so it serves one client.
 */
export function openDetectingLink(target: HttpTarget, events: LinkEvents): HttpLink {
  const streamable = openHttpLink(target, events)
  const chosen: Chosen = { link: undefined }
  const ending = Promise.withResolvers<string>()
  void streamable.closed.then(why => chosen.link === undefined && ending.resolve(why))
  const open = async (): Promise<Link | undefined> => {
    // Not an error worth telling: the first answer, which is given back, says better what is wrong.
    chosen.link ??= await openSseLink(target, events).catch(() => undefined)
    void chosen.link?.closed.then(ending.resolve)
    return chosen.link
  }
  return {
    request: async (frame, options) => {
      if (chosen.link !== undefined) return chosen.link.request(frame, options)
      const reply = await streamable.request(frame, options)
      return isRefusedHandshake(frame, reply) ? retry(await open(), { frame, options, reply }) : reply
    },
    notify: (frame, headers) => (chosen.link ?? streamable).notify(frame, headers),
    listen: async options => (chosen.link === undefined ? streamable.listen(options) : { status: 405, headers: {} }),
    finish: async headers => (chosen.link === undefined ? streamable.finish(headers) : { status: 200, headers: {} }),
    close: async () => {
      await Promise.all([streamable.close(), chosen.link?.close()])
      ending.resolve('closed')
    },
    closed: ending.promise,
  }
}

type Chosen = { link: Link | undefined }

function isRefusedHandshake({ envelope }: Frame, reply: Reply | undefined): boolean {
  const status = reply?.http?.status ?? 200
  const isHandshake = envelope.kind === 'request' && envelope.method === 'initialize'
  return isHandshake && status >= 400 && status < 500
}

type Asked = { readonly frame: Frame; readonly options: RequestOptions; readonly reply: Reply | undefined }

async function retry(link: Link | undefined, { frame, options, reply }: Asked): Promise<Reply | undefined> {
  return link === undefined ? reply : link.request(frame, options)
}
