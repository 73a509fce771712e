import { request } from 'undici'

export type JsonQuestion = {
  readonly url: URL
  readonly timeoutMs: number
  readonly bytesMax: number
  /** Sent as the body of a POST; a GET where there is none. */
  readonly body?: object | undefined
}

/** Asks a service for JSON, with a bound on time and size. It follows no redirect and carries no credentials. */
export async function fetchJson({ url, timeoutMs, bytesMax, body }: JsonQuestion): Promise<unknown> {
  const answer = await request(url, {
    ...{ method: body === undefined ? 'GET' : 'POST', signal: AbortSignal.timeout(timeoutMs) },
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (answer.statusCode !== 200) {
    await answer.body.dump({ limit: 65_536 })
    throw new Error(`HTTP ${answer.statusCode}`)
  }
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of answer.body) {
    parts.push(part)
    bytes += part.length
    if (bytes > bytesMax) throw new Error(`an answer of more than ${bytesMax} bytes`)
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}
